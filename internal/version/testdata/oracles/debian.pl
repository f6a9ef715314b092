# Orders versions as dpkg does.
use strict;
use warnings;
use Dpkg::Version;

my (@taken, @refused);
while (my $text = <STDIN>) {
    chomp $text;
    next if $text eq '';
    my $version = Dpkg::Version->new($text, check => 1);
    # The library lets pass what dpkg itself refuses: no upstream version, an epoch that is no number.
    if (defined $version and $version->is_valid() and $text =~ /^(?:[0-9]+:[0-9]|[0-9][^:]*$)/) { push @taken, $version }
    else { push @refused, $text }
}
@taken = sort { $a <=> $b } @taken;
for my $i (0 .. $#taken) {
    print $i == 0 ? '' : ($taken[$i - 1] <=> $taken[$i]) == 0 ? ' ' : "\n", $taken[$i]->as_string();
}
print "\n", join(' ', '!', @refused), "\n";
