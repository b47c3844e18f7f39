// Takes a tour of a running server and prints what came of it:
// node tour.mjs built/tour.js http://127.0.0.1:8080/graphql TOKEN

import { resolve } from 'node:path';

const [module, url, token] = process.argv.slice(2);
const { tour } = await import(resolve(module));
console.log(JSON.stringify(await tour(url, token)));
