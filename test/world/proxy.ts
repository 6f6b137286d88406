import { Server } from 'proxy-chain';

/** A company's proxy, in a process of its own: it asks for a name and a password, and prints who goes where. */
const server = new Server({
  port: 3128,
  host: '0.0.0.0',
  prepareRequestFunction({ username, password, hostname, port, isHttp }) {
    const isKnown = username === 'operator' && password === 's3cret/word';
    process.stdout.write(
      `${isHttp ? 'forward' : 'connect'} ${hostname}:${port} ${isKnown ? 'ok' : 'refused'}\n`,
    );
    return { requestAuthentication: !isKnown };
  },
});

await server.listen();
process.stdout.write('listening\n');
