// @ts-check
/** `npm start`: build what is not built, serve the page; when a source changes, build again and have open pages load again. */
import { watch } from 'node:fs';
import { build } from './build.mjs';
import { at } from './paths.mjs';
import { serve } from './serve.mjs';
import { message, script, seconds } from './step.mjs';

const SOURCES = ['src', 'pkg', 'www'];
/** What the build itself writes. */
const GENERATED = /^(dist\b|built\b|LICENSE|[\w-]+[\\/]package\.json)/;

await script(import.meta.url, async () => {
  const started = performance.now();
  const port = Number(process.env.PORT || 4173);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`PORT is ${process.env.PORT}, not a port`);
  await build();
  const { address, changed } = await serve(at('www'), port, { live: true });
  console.log(`\nReady after ${seconds(started)}: ${address}\nStop with Ctrl+C. A change in ${SOURCES.join(', ')} builds again and loads the page again.`);

  let wanted = false;
  let building = false;
  const rebuild = async () => {
    wanted = true;
    if (building) return;
    building = true;
    while (wanted) {
      wanted = false;
      await new Promise((resolve) => setTimeout(resolve, 100));
      const since = performance.now();
      try {
        await build();
        changed();
        console.log(`Built again in ${seconds(since)}`);
      } catch (error) {
        console.error(`${message(error)}\nNot built; the page is as before.`);
      }
    }
    building = false;
  };
  for (const folder of SOURCES) {
    try {
      watch(at(folder), { recursive: true }, (_, file) => {
        if (!GENERATED.test(String(file ?? ''))) void rebuild();
      });
    } catch (error) {
      console.log(`${folder}/ is not watched: ${message(error)}`);
    }
  }
});
