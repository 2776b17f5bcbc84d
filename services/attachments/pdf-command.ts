// Commands for a shell: no document speaks so in its actions.

/** Words that need nothing behind them. */
const words = ["powershell", "rundll32", "certutil"];
const phrases = /(?:cmd(?:\.exe)?\s{0,5}\/c|netsh\s|mshta\s|\bwscript\b)/;

/** Whether a text has a command for a shell. */
export function hasCommand(text: string): boolean {
  const lower = text.toLowerCase();
  return words.some((word) => lower.includes(word)) || phrases.test(lower);
}
