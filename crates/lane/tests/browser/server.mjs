// A static server on the loopback for pages that `examples/console_pages` wrote, with the
// headers that a lane sends.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join, basename } from "node:path";

const TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript", svg: "image/svg+xml", jpg: "image/jpeg" };
export const CSP = "default-src 'self'; script-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export async function serve(out) {
  const pictures = JSON.parse(await readFile(join(out, "pictures.json"), "utf8"));
  const streams = new Set();
  const posts = [];
  const answers = new Map(); // path → {status, body}
  const counts = new Map(); // path of a picture → how often it was asked for
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://lane");
    response.setHeader("content-security-policy", CSP);
    response.setHeader("cache-control", "no-store");
    const send = async (file) => {
      response.setHeader("content-type", TYPES[file.split(".").pop()] ?? "application/octet-stream");
      response.end(await readFile(file));
    };
    try {
      if (request.method === "POST") {
        let text = "";
        for await (const part of request) text += part;
        posts.push({ path: url.pathname, body: text, csrf: request.headers["x-csrf-token"] });
        const { status = 200, body = "{}" } = answers.get(url.pathname) ?? {};
        response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
        return response.end(body);
      }
      if (/^\/lanes\/[^/]+\/events$/.test(url.pathname)) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(": hello\n\n");
        streams.add(response);
        request.on("close", () => streams.delete(response));
        return;
      }
      if (url.pathname in pictures) {
        counts.set(url.pathname, (counts.get(url.pathname) ?? 0) + 1);
        return await send(join(out, "pictures", pictures[url.pathname]));
      }
      // A camera's live picture, and the faces in it.
      if (/\/cameras\/[^/]+\/picture$/.test(url.pathname)) {
        return await send(join(out, "pictures", Object.values(pictures)[0]));
      }
      if (/\/cameras\/[^/]+\/faces$/.test(url.pathname)) {
        response.setHeader("content-type", "application/json");
        return response.end(JSON.stringify({ now: [], seen: [], suggested: [] }));
      }
      const folder = url.pathname.startsWith("/web/") ? "assets" : "pages";
      await send(join(out, folder, basename(url.pathname)));
    } catch (error) {
      response.writeHead(error.code === "ENOENT" ? 404 : 500).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const emit = (event, data) => {
    for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  return { base: `http://127.0.0.1:${server.address().port}`, emit, posts, answers, counts, streams, close: () => { server.closeAllConnections(); server.close(); } };
}
