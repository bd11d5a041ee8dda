// Reads all records of the stub server with kintone's JavaScript client, for reading.py.
// Each line on standard input asks for one reading; its seconds come back as JSON.
"use strict";

const http = require("http");
const https = require("https");
const readline = require("readline");
const { KintoneRestAPIClient } = require("@kintone/rest-api-client");

const [method, url] = process.argv.slice(2);
const baseUrl = url.replace("127.0.0.1", "localhost"); // it refuses http elsewhere

async function main() {
  for await (const _ of readline.createInterface({ input: process.stdin })) {
    http.globalAgent.destroy();
    https.globalAgent.destroy();
    const client = new KintoneRestAPIClient({ baseUrl, auth: { apiToken: "x" } });
    global.gc();
    const cpuStarted = process.cpuUsage();
    const started = process.hrtime.bigint();
    const records = await client.record[method]({ app: 1 });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const cpu = process.cpuUsage(cpuStarted);
    const found = { seconds, cpu: (cpu.user + cpu.system) / 1e6, records: records.length };
    process.stdout.write(JSON.stringify(found) + "\n");
  }
}

main();
