// Calls @kintone/rest-api-client as it is told on standard input, a call in each line, and prints
// what came of it, a line for each call: {"answer": ...} or {"error": ...}. Files come as text.
"use strict";
const readline = require("node:readline");
const { KintoneRestAPIClient } = require("@kintone/rest-api-client");

const [baseUrl, signedIn] = process.argv.slice(2);
const auth = JSON.parse(signedIn); // {"username", "password"} or {"apiToken"}
const client = new KintoneRestAPIClient({ baseUrl, auth, socketTimeout: 30000 });

async function outcome({ api, method, parameters }) {
  try {
    const answer = await (api ? client[api] : client)[method](parameters);
    return { answer: Buffer.isBuffer(answer) ? answer.toString() : answer };
  } catch ({ name, message, status, code, errors, bulkRequestIndex }) {
    return { error: { name, message, status, code, errors, bulkRequestIndex } };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await outcome(JSON.parse(line))));
  }
}

main();
