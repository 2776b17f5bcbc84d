/** Prints a name and cells of the same width; numbers with two digits after the point. */
export function row(name: string, ...cells: readonly (string | number)[]): void {
  const shown = cells.map((cell) => (typeof cell === "number" ? cell.toFixed(2) : cell).padStart(12));
  console.log(`${name.padEnd(34)}${shown.join("")}`);
}
