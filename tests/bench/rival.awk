# What `ratetap 100/1h` does, as one would write it in awk: passes a stamped log on, alerts on standard error.
function number(hex, i, n) {
  for (i = 1; i <= length(hex); i++)
    n = 16 * n + index("123456789abcdef", substr(hex, i, 1))
  return n
}
function later(label, by) {
  return substr(label, 1, 9) sprintf("%08x", number(substr(label, 10, 8)) + by) substr(label, 18)
}
function lasted(from, to) {
  return number(substr(to, 10, 8)) - number(substr(from, 10, 8)) - (substr(to, 18) < substr(from, 18))
}
# The time at which an episode ends is that at which all but limit of its events are gone.
function plan(s) {
  next_due = "~"
  for (s in since) {
    due[s] = gone[s, last[s] - limit]
    if (due[s] < next_due)
      next_due = due[s]
  }
}
function end_due(now, s, first) {
  while (next_due <= now) {
    first = ""
    for (s in since)
      if (due[s] == next_due && (first == "" || since[s] < since[first]))
        first = s
    s = first
    print due[s], "under", rule, s, "count=" limit, "peak=" peak[s], "total=" total[s], "since=" since[s], \
      "lasted=" lasted(since[s], due[s]) >"/dev/stderr"
    delete since[s]
    plan()
  }
}
BEGIN {
  limit = 100
  period = 3600
  rule = "100/1h/msg/sender"
  next_due = "~"
}
{
  print
  now = substr($0, 1, 25)
  if (now >= next_due)
    end_due(now)
}
$2 == "info" && $3 == "msg" && $5 == "bytes" && $7 == "from" && NF == 12 {
  logged = substr($8, 2, length($8) - 2)
  s = tolower(logged)
  while (first[s] < last[s] && gone[s, first[s] + 1] <= now)
    delete gone[s, ++first[s]]
  gone[s, ++last[s]] = later(now, period)
  count = last[s] - first[s]
  if (count <= limit)
    next
  word = ""
  if (!(s in since)) {
    since[s] = now
    total[s] = peak[s] = count
    level[s] = 2 * limit
    word = "over"
  } else {
    total[s]++
    if (count > peak[s])
      peak[s] = count
    if (count > level[s])
      word = "more"
  }
  while (count > level[s])
    level[s] *= 2
  plan()
  if (word != "") {
    sub(/:$/, "", $4)
    print now, word, rule, s, "count=" count, "msg=" $4, "qp=" $10, "uid=" $12, "from=" logged >"/dev/stderr"
  }
}
