#!/usr/bin/python3
"""Gives a log to fail2ban's own filter and jail, its clock set to each line's time, and prints its bans.

replay-fail2ban.py CONF REGEX-NAME MAXRETRY FINDTIME <log. The server itself passes over lines that are older than FINDTIME,
so that a log of another day cannot be replayed with it."""
import configparser
import logging
import sys

from fail2ban.server.jail import Jail
from fail2ban.server.mytime import MyTime

logging.disable(logging.CRITICAL)
conf = configparser.RawConfigParser()
conf.read(sys.argv[1])
jail = Jail("qmail-send", backend="polling")
watch = jail.filter
watch.addFailRegex(conf.get("Definition", sys.argv[2]))
watch.setDatePattern(conf.get("Definition", "datepattern"))
watch.setMaxRetry(int(sys.argv[3]))
watch.setFindTime(int(sys.argv[4]))
for line in sys.stdin:
    MyTime.setTime(int(line[1:17], 16) - 2**62 - 10)
    watch.processLineAndAdd(line.rstrip("\n"))
    while ban := jail.getFailTicket():
        print(line[:25], "ban", ban.getID(), "after", ban.getAttempt(), flush=True)
