# Lists small mutations of C files: file, line, what, the line as it becomes, a tab between them. Strings and comments are
# left alone; so is what the preprocessor reads.

# s with the same length, and nothing of what is in quotes.
function masked(s, i, c, quote, out)
{
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (quote != "") {
      if (c == "\\") {
        out = out "\001"
        i++
      } else if (c == quote)
        quote = ""
      out = out "\001"
    } else if (c == "\"" || c == "'") {
      quote = c
      out = out "\001"
    } else
      out = out c
  }
  return out
}

function emit(what, at, len, by)
{
  print FILENAME "\t" FNR "\t" what "\t" substr($0, 1, at - 1) by substr($0, at + len)
}

function swap(from, to, at, skip)
{
  for (skip = 0; (at = index(substr(mask, skip + 1), from)) > 0; skip += at + length(from) - 1)
    emit(from " becomes " to, skip + at, length(from), to)
}

# Numbers of one or more digits, not part of a name or of a hexadecimal number.
function constants(rest, at, n)
{
  at = 0
  rest = mask
  while (match(rest, /[^A-Za-z0-9_.\001][0-9]+/)) {
    n = substr(rest, RSTART + 1, RLENGTH - 1)
    if (substr(rest, RSTART + RLENGTH, 1) !~ /[A-Za-z_.0-9]/)
      emit(n " becomes " n + 1, at + RSTART + 1, RLENGTH - 1, n + 1)
    at += RSTART + RLENGTH - 1
    rest = substr(rest, RSTART + RLENGTH)
  }
}

# A whole statement on one line that is no declaration and no jump.
function drop()
{
  if (mask !~ /^ +[a-z(*+-].*;$/ || before !~ /([;{})]|else)$/)
    return
  if (mask ~ /^ +(return|break|continue|goto|static|extern|case|default|for|do|while)/)
    return
  if (mask ~ /^ +[a-z_0-9]+ (const )?[*a-z]/ && mask !~ /^ +if /)
    return
  if (mask ~ /^ +}/ || mask !~ /[(=+-]/)
    return
  match($0, /^ +/)
  emit("dropped", RLENGTH + 1, length($0) - RLENGTH, "; // " substr($0, RLENGTH + 1))
}

FNR == 1 {
  comment = 0
  before = ""
}
{
  line = $0
  if (comment) {
    if (line ~ /\*\//)
      comment = 0
    next
  }
  if (line ~ /^ *\/\*/) {
    comment = line !~ /\*\//
    next
  }
}
/^#|^extern|^typedef|^static_assert|^}/ { before = $0; next }
{
  mask = masked($0)
  if (match(mask, /\/\*.*/)) {
    comment = mask !~ /\*\//
    mask = substr(mask, 1, RSTART - 1)
  }
  sub(/ +$/, "", mask)
  if (mask == "" || mask ~ /^[a-z].*[;,]$/) { # members and declarations at the top
    if (mask != "")
      before = mask
    next
  }
  swap(" < ", " <= ")
  swap(" <= ", " < ")
  swap(" > ", " >= ")
  swap(" >= ", " > ")
  swap(" == ", " != ")
  swap(" != ", " == ")
  swap(" && ", " || ")
  swap(" || ", " && ")
  swap(" + ", " - ")
  swap(" - ", " + ")
  swap(" * ", " + ")
  swap("++", "--")
  swap(" += ", " -= ")
  swap(" -= ", " += ")
  swap(" << ", " >> ")
  swap(" >> ", " << ")
  swap("(!", "(")
  swap("return 1;", "return 0;")
  swap("return 0;", "return 1;")
  swap("break;", "continue;")
  constants()
  drop()
  before = mask
}
