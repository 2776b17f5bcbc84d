// Every constant of the milter protocol that the gateway uses, under its name in libmilter (mfapi.h, mfdef.h).
// A command or reply is one byte, written here as the letter that it is.

const letter = (char: string): number => char.charCodeAt(0);

/** The highest version spoken, and the lowest: version 1 has no quarantine and no list of headers to change. */
export const SMFI_PROT_VERSION = 6;
export const SMFI_PROT_VERSION_MIN = 2;

// Commands: from the mail server to the filter.
export const SMFIC_ABORT = letter("A");
export const SMFIC_BODY = letter("B");
export const SMFIC_CONNECT = letter("C");
export const SMFIC_MACRO = letter("D");
export const SMFIC_BODYEOB = letter("E");
export const SMFIC_HELO = letter("H");
export const SMFIC_QUIT_NC = letter("K");
export const SMFIC_HEADER = letter("L");
export const SMFIC_MAIL = letter("M");
export const SMFIC_EOH = letter("N");
export const SMFIC_OPTNEG = letter("O");
export const SMFIC_QUIT = letter("Q");
export const SMFIC_RCPT = letter("R");
export const SMFIC_DATA = letter("T");
export const SMFIC_UNKNOWN = letter("U");

// Replies: from the filter to the mail server.
export const SMFIR_ADDRCPT = letter("+");
export const SMFIR_DELRCPT = letter("-");
/** One packet of the new body; further ones go on where it ends. */
export const SMFIR_REPLBODY = letter("b");
export const SMFIR_ACCEPT = letter("a");
export const SMFIR_CONTINUE = letter("c");
export const SMFIR_DISCARD = letter("d");
export const SMFIR_CHGFROM = letter("e");
export const SMFIR_ADDHEADER = letter("h");
export const SMFIR_INSHEADER = letter("i");
export const SMFIR_CHGHEADER = letter("m");
export const SMFIR_PROGRESS = letter("p");
export const SMFIR_QUARANTINE = letter("q");
export const SMFIR_REPLYCODE = letter("y");

// Actions that a filter may ask for.
export const SMFIF_ADDHDRS = 0x01;
export const SMFIF_CHGBODY = 0x02;
export const SMFIF_ADDRCPT = 0x04;
export const SMFIF_DELRCPT = 0x08;
export const SMFIF_CHGHDRS = 0x10;
export const SMFIF_QUARANTINE = 0x20;
export const SMFIF_CHGFROM = 0x40;
/** The filter says which macros it wants at which stage. */
export const SMFIF_SETSYMLIST = 0x100;

/** Bytes of a body in one packet (MILTER_CHUNK_SIZE). */
export const MILTER_CHUNK_SIZE = 65_535;

// Protocol steps. SMFIP_NR_*: the filter does not reply to this command, and the server does not wait for it.
export const SMFIP_NR_HDR = 0x80;
export const SMFIP_NR_CONN = 0x1000;
export const SMFIP_NR_HELO = 0x2000;
export const SMFIP_NR_MAIL = 0x4000;
export const SMFIP_NR_RCPT = 0x8000;
export const SMFIP_NR_DATA = 0x10000;
export const SMFIP_NR_UNKN = 0x20000;
export const SMFIP_NR_EOH = 0x40000;
export const SMFIP_NR_BODY = 0x80000;
/** Header values travel with the blanks after the colon, both ways. */
export const SMFIP_HDR_LEADSPC = 0x100000;

// Stages for which macros can be asked.
export const SMFIM_CONNECT = 0;
export const SMFIM_HELO = 1;
export const SMFIM_ENVFROM = 2;
export const SMFIM_ENVRCPT = 3;
export const SMFIM_DATA = 4;
export const SMFIM_EOM = 5;
export const SMFIM_EOH = 6;

// Address families of SMFIC_CONNECT.
export const SMFIA_UNKNOWN = letter("U");
export const SMFIA_UNIX = letter("L");
export const SMFIA_INET = letter("4");
export const SMFIA_INET6 = letter("6");
