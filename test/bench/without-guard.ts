/** Put in front of a gateway (`--import`), also of its threads: it judges rows without the guessing guard. Of benchmarks only. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return found.url.endsWith('/gateway/exchange/guard-rows.ts')
      ? { ...found, url: new URL('./unguarded-rows.ts', import.meta.url).href }
      : found;
  },
});
