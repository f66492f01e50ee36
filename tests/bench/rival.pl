#!/usr/bin/perl
# What `ratetap 100/1h` does, as one would write it in Perl: passes a stamped log on, alerts on standard error.
# rival.pl [LIMIT [SECONDS [RULE]]]
use strict;
use warnings;

my $limit  = shift // 100;
my $period = shift // 3600;
my $rule   = shift // "$limit/1h/msg/sender";
my (%gone, %over);    # per sender: labels at which its events leave the window; its episode
my $next = "~";       # the first label at which an episode may be over

sub later { sprintf "%s%08x%s", substr($_[0], 0, 9), hex(substr $_[0], 9, 8) + $_[1], substr $_[0], 17 }

sub lasted {
    my ($from, $to) = @_;
    return hex(substr $to, 9, 8) - hex(substr $from, 9, 8) - (substr($to, 17) lt substr($from, 17));
}

sub plan {
    $next = "~";
    for my $sender (keys %over) {
        my $times = $gone{$sender};
        my $due = $over{$sender}{due} = $times->[@$times - $limit - 1];
        $next = $due if $due lt $next;
    }
}

sub end_due {
    my $now = shift;
    for my $sender (sort { $over{$a}{due} cmp $over{$b}{due} || $over{$a}{since} cmp $over{$b}{since} } keys %over) {
        my $e = $over{$sender};
        last if $e->{due} gt $now;
        print STDERR "$e->{due} under $rule $sender count=$limit peak=$e->{peak} total=$e->{total} ",
          "since=$e->{since} lasted=", lasted($e->{since}, $e->{due}), "\n";
        delete $over{$sender};
    }
    plan();
}

while (<>) {
    print;
    my $now = substr $_, 0, 25;
    end_due($now) if $now ge $next;
    next unless /^\S+ info msg (\d+): bytes \d+ from <(\S+)> qp (\d+) uid (\d+)$/;
    my ($message, $logged, $qp, $uid) = ($1, $2, $3, $4);
    my $sender = lc $logged;
    my $times = $gone{$sender} //= [];
    shift @$times while @$times && $times->[0] le $now;
    push @$times, later($now, $period);
    my $count = @$times;
    next if $count <= $limit;
    my $e = $over{$sender};
    my $word = "";
    if (!$e) {
        $over{$sender} = $e = {since => $now, total => $count, peak => $count, level => 2 * $limit};
        $word = "over";
    } else {
        $e->{total}++;
        $e->{peak} = $count if $count > $e->{peak};
        $word = "more" if $count > $e->{level};
    }
    $e->{level} *= 2 while $count > $e->{level};
    plan();
    print STDERR "$now $word $rule $sender count=$count msg=$message qp=$qp uid=$uid from=$logged\n" if $word;
}
