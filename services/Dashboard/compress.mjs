// Lays a Brotli and a gzip form beside every built file, and holds the first load to its limit.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const limit = 400 * 1000;
const dist = new URL('./dist/', import.meta.url).pathname;
const sizes = new Map();

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  writeFileSync(`${path}.gz`, gzip);
  sizes.set(path.slice(dist.length), gzip.length);
}

// What index.html names is fetched before anything is shown.
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const first = [...sizes].filter(([name]) => name === 'index.html' || html.includes(name));
const total = first.reduce((sum, [, size]) => sum + size, 0);
console.log(`first load: ${total} bytes as gzip, of ${limit}`);
if (total > limit) {
  console.error(`the first load is ${total} bytes; at most ${limit} are agreed: load what is large where it is used`);
  process.exit(1);
}
