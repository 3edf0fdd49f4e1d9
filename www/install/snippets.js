// @ts-check

/**
 * What to write with each library. tests/adapters/snippets.test.mjs checks the types of each and runs it.
 *
 * @typedef {object} Snippet
 * @property {string} id The subpath of the package, and the name in `sizes.json`; `fetch`: the entry itself.
 * @property {string} name
 * @property {string} about
 * @property {string} code
 * @property {boolean} [decides] It keeps the library's own way to send, and shares `decide.js` with its like.
 */

/** @type {Snippet[]} */
export const SNIPPETS = [
  {
    id: 'fetch',
    name: 'fetch',
    about: 'A function with the signature of fetch. It resolves with the final Response, as fetch does.',
    code: `import { createFetch } from 'reprieve';

const fetch = createFetch();
const response = await fetch('https://shop.example/api/orders');`,
  },
  {
    id: 'tanstack',
    name: 'TanStack Query',
    about: 'TanStack Query goes on sending again itself, and asks reprieve whether and when. The fetch below sends once, and its errors say all.',
    code: `import { QueryClient } from '@tanstack/react-query';
import { createFetch } from 'reprieve';
import { reprieve } from 'reprieve/tanstack';

const fetch = createFetch({ policy: 'none', throwOnFailure: true });
const client = new QueryClient({ defaultOptions: { queries: reprieve() } });

const orders = await client.fetchQuery({
  queryKey: ['orders'],
  queryFn: async () => (await fetch('https://shop.example/api/orders')).json(),
});`,
    decides: true,
  },
  {
    id: 'swr',
    name: 'SWR',
    about: 'SWR goes on sending again itself, and asks reprieve whether and when. The value is made once, outside of the component.',
    code: `import { SWRConfig } from 'swr';
import { createFetch } from 'reprieve';
import { reprieve } from 'reprieve/swr';

const fetch = createFetch({ policy: 'none', throwOnFailure: true });
const fetcher = async (url) => (await fetch(url)).json();
const value = { fetcher, ...reprieve() };

export const App = ({ children }) => <SWRConfig value={value}>{children}</SWRConfig>;`,
    decides: true,
  },
  {
    id: 'apollo',
    name: 'Apollo',
    about: 'Apollo’s RetryLink sends again when reprieve says so: a query as a read, a mutation only where the server did nothing.',
    code: `import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { RetryLink } from '@apollo/client/link/retry';
import { reprieve } from 'reprieve/apollo';

export const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([
    new RetryLink(reprieve()),
    new HttpLink({ uri: 'https://shop.example/api/graphql' }),
  ]),
});`,
    decides: true,
  },
  {
    id: 'angular',
    name: 'Angular',
    about: 'An interceptor for HttpClient. It sends a failed request again when reprieve says so.',
    code: `import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { reprieve } from 'reprieve/angular';

export const appConfig = {
  providers: [provideHttpClient(withInterceptors([reprieve()]))],
};`,
    decides: true,
  },
  {
    id: 'axios',
    name: 'axios',
    about: 'axios sends through createFetch. For a client that has to send in its own way there is intercept(client).',
    code: `import axios from 'axios';
import { reprieve } from 'reprieve/axios';

const api = axios.create({ baseURL: 'https://shop.example/api', ...reprieve() });
const { data } = await api.get('/orders');`,
    decides: true,
  },
  {
    id: 'rtk',
    name: 'RTK Query',
    about: 'The base query sends through createFetch. Leave out RTK Query’s own retry.',
    code: `import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query';
import { reprieve } from 'reprieve/rtk';

export const api = createApi({
  baseQuery: fetchBaseQuery({ baseUrl: 'https://shop.example/api', ...reprieve() }),
  endpoints: (build) => ({
    orders: build.query({ query: () => '/orders' }),
  }),
});`,
  },
  {
    id: 'ky',
    name: 'ky',
    about: 'ky sends through createFetch, and its own retries are off.',
    code: `import ky from 'ky';
import { reprieve } from 'reprieve/ky';

const api = ky.create(reprieve());
const orders = await api.get('https://shop.example/api/orders').json();`,
  },
  {
    id: 'ofetch',
    name: 'ofetch',
    about: 'ofetch sends through createFetch of reprieve, and its own retries are off. The createFetch below is that of ofetch.',
    code: `import { createFetch } from 'ofetch';
import { reprieve } from 'reprieve/ofetch';

const fetch = createFetch(reprieve());
const orders = await fetch('https://shop.example/api/orders');`,
  },
  {
    id: 'openapi-fetch',
    name: 'openapi-fetch',
    about: 'A middleware for a client that you have, after the other middlewares.',
    code: `import createClient from 'openapi-fetch';
import { reprieve } from 'reprieve/openapi-fetch';
import type { paths } from './schema.js';

export const client = createClient<paths>({ baseUrl: 'https://shop.example/api' });
client.use(reprieve());`,
  },
  {
    id: 'wretch',
    name: 'wretch',
    about: 'A middleware of wretch, the last in the list.',
    code: `import wretch from 'wretch';
import { reprieve } from 'reprieve/wretch';

const api = wretch('https://shop.example/api').middlewares([reprieve()]);
const orders = await api.get('/orders').json();`,
  },
];
