# Signs and verifies with Mail::DKIM. The first line has the DNS; each further line is a question.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use Mail::DKIM::ARC::Signer;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::PrivateKey;
use Mail::DKIM::Signer;
use Mail::DKIM::Verifier;
use Net::DNS;

my $records = decode_json(scalar <STDIN>);
{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my ($name) = @_;
        return unless exists $records->{$name};
        my @parts = unpack '(A255)*', $records->{$name};
        return Net::DNS::RR->new( owner => $name, type => 'TXT', txtdata => \@parts );
    };
}

sub key_of {
    my ($question) = @_;
    my $data = $question->{key};
    $data =~ s/-----[^-]*-----|\s//g;
    return Mail::DKIM::PrivateKey->load( Data => $data );
}

sub feed {
    my ( $object, $raw ) = @_;
    $object->PRINT($raw);
    $object->CLOSE;
}

sub answer {
    my ($question) = @_;
    my $raw = decode_base64( $question->{raw} );
    if ( $question->{do} eq 'sign' ) {
        my $signer = Mail::DKIM::Signer->new(
            Algorithm => $question->{algorithm},
            Method    => "$question->{header}/$question->{body}",
            Domain    => $question->{domain},
            Selector  => $question->{selector},
            Key       => key_of($question),
            Headers   => join( ':', @{ $question->{names} } ),
        );
        feed( $signer, $raw );
        return encode_base64( $signer->signature->as_string . "\r\n", '' );
    }
    if ( $question->{do} eq 'seal' ) {
        my $signer = Mail::DKIM::ARC::Signer->new(
            Algorithm => 'rsa-sha256',
            Chain     => $question->{status},
            Domain    => $question->{domain},
            SrvId     => $question->{domain},
            Selector  => $question->{selector},
            Key       => key_of($question),
        );
        feed( $signer, $raw );
        return encode_base64( join( '', map { "$_\r\n" } $signer->as_strings ), '' );
    }
    my $class = $question->{do} eq 'verify arc' ? 'Mail::DKIM::ARC::Verifier' : 'Mail::DKIM::Verifier';
    my $verifier = $class->new;
    feed( $verifier, $raw );
    return $verifier->result eq 'pass' ? 'pass' : $verifier->result_detail;
}

while ( my $line = <STDIN> ) {
    my $question = decode_json($line);
    my $said = eval { answer($question) } // "died: $@";
    $said =~ s/\s+/ /g;
    print "$said\n";
}
