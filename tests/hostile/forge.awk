# forge.awk - a log of 2,000 recipients in 33 minutes, one a message, from the senders that -v how= says: own, null, verp or list.
function sender(i) {
  if (how == "own") return "user" i "@example.org"
  if (how == "null") return ""
  if (how == "verp") return "@[]"
  return "news-return-" i "-joe=x.example@lists.example.org"
}
BEGIN {
  for (i = 0; i < 2000; i++) {
    at = sprintf("@400000006b%06x00000000 ", 251498 + int(i * 0.99))
    print at "info msg " 100 + i % 7 ": bytes 900 from <" sender(i) "> qp " 1000 + i " uid 7791"
    print at "starting delivery " i + 1 ": msg " 100 + i % 7 " to remote victim" i "@lima.example"
    print at "delivery " i + 1 ": success: ok/"
    print at "end msg " 100 + i % 7
  }
}
