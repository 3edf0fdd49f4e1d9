// @ts-check
import { cases, createFetch, FAST, load, owned } from './cases.mjs';

const { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } = await load('@apollo/client');
const { RetryLink } = await load('@apollo/client/link/retry');
const { reprieve } = await load('reprieve/apollo');

/** @param {any[]} links @param {any} [http] */
const client = (links, http) => ({
  send: (/** @type {string} */ uri, /** @type {string} */ method) => {
    const apollo = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from([...links, new HttpLink({ uri, ...http })]) });
    return method === 'GET' ? apollo.query({ query: gql`query { id }` }) : apollo.mutate({ mutation: gql`mutation { id }` });
  },
});

cases('Apollo, RetryLink', () => client([new RetryLink(reprieve({ policy: FAST }))]));
cases('Apollo, HttpLink.fetch', () => client([], { fetch: createFetch({ policy: FAST }), useGETForQueries: true }));
owned('Apollo, RetryLink', (fetch) => client([new RetryLink(reprieve({ policy: FAST }))], { fetch, useGETForQueries: true }));
owned('Apollo, RetryLink', (fetch) => client([new RetryLink(reprieve({ policy: FAST }))], { fetch, useGETForQueries: true }), { throwOnFailure: true });
