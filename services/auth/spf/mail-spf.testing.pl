# Mail::SPF for a test: reads {"zone": {name: [[type, value], ...]}, "questions": [{...}, ...]} as JSON from standard input,
# prints its results as a JSON list. The zone is its DNS: no query leaves this process.

use strict;
use warnings;
use JSON::PP;
use Mail::SPF;
use Net::DNS;

package ZoneResolver;

sub new { my ($class, $zone) = @_; return bless { zone => $zone, error => '' }, $class; }

sub errorstring { return $_[0]->{error}; }

sub send {
    my ($self, $name, $type) = @_;
    my $packet = Net::DNS::Packet->new('query.invalid', $type, 'IN');
    my $at = lc $name;
    $self->{error} = '';
    for (1 .. 9) {
        my $entries = $self->{zone}{$at};
        if (!$entries) {
            my $below = grep { /\.\Q$at\E$/ } keys %{ $self->{zone} };
            $packet->header->rcode('NXDOMAIN') if !$below;
            return $packet;
        }
        my @found = grep { $_->[0] eq $type } @$entries;
        $packet->push(answer => record($at, $type, $_->[1])) for @found;
        return $packet if @found;
        if (grep { $_->[0] eq 'TIMEOUT' } @$entries) { $self->{error} = 'query timed out'; return undef; }
        my ($alias) = map { $_->[1] } grep { $_->[0] eq 'CNAME' } @$entries;
        return $packet if !defined $alias;
        $at = $alias;
    }
    $packet->header->rcode('SERVFAIL');
    return $packet;
}

sub record {
    my ($name, $type, $value) = @_;
    my %data = $type eq 'TXT' ? (txtdata => [ $value =~ /(.{1,255})/gs ])
        : $type eq 'MX' ? (preference => $value->[0], exchange => $value->[1])
        : $type eq 'PTR' ? (ptrdname => $value)
        : (address => $value);
    return Net::DNS::RR->new(name => 'owner.invalid', type => $type, class => 'IN', ttl => 60, %data);
}

package main;

my $input = decode_json(do { local $/; <STDIN> });
my $server = Mail::SPF::Server->new(
    dns_resolver   => ZoneResolver->new($input->{zone}),
    query_rr_types => Mail::SPF::Server->query_rr_type_txt,
    hostname       => 'receiver.example',
);
my @results;
for my $question (@{ $input->{questions} }) {
    my $result = eval {
        my $request = Mail::SPF::Request->new(
            versions      => [1],
            scope         => 'mfrom',
            identity      => $question->{sender},
            ip_address    => $question->{ip},
            helo_identity => $question->{helo},
        );
        $server->process($request);
    };
    push @results, $result ? $result->code : "died: $@";
}
print encode_json(\@results);
