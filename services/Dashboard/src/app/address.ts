/** The parts of a path as they were written into it: the router undoes an address's escapes only by half. */
export function partsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}
