// A provider of accounts on loopback (oidc-provider), with one client: the lane.
//
//   node provider.mjs LANE-ADDRESS CLIENT SECRET
//
// Whoever logs in there as `name:group,group` is `name`, of these groups, whatever the
// password. It says its issuer in one line and goes on until it is ended.

import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [lane, client, secret] = process.argv.slice(2);

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client,
      client_secret: secret,
      redirect_uris: [`${lane}/login/openid/return`],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
  pkce: { required: () => true },
  cookies: { keys: ['of-a-test'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => {
      const [name, groups] = id.split(':');
      return {
        sub: id,
        preferred_username: name,
        ...(groups === undefined ? {} : { groups: groups.split(',') }),
      };
    },
  }),
});
server.on('request', provider.callback());
console.log(issuer);
