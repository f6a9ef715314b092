import { getOperationAST, parse } from 'graphql';
import { withIDs } from './ids.js';
import { post } from './post.js';
import { follow } from './subscription.js';
import { authorization, introduce } from './viewer.js';

/** Has the server run an operation as whoever was chosen to ask; headers that were typed go before. */
export async function fetcher(operation, { headers } = {}) {
  try {
    const all = new Headers(headers);
    if (!all.has('Authorization')) {
      const value = await authorization();
      if (value) all.set('Authorization', value);
    }
    return await run(operation, all);
  } catch (error) {
    return { errors: [{ message: error.message }] };
  }
}

async function run({ query, variables, operationName }, headers) {
  const operation = {
    query,
    variables: await withIDs(variables, (lookup) => post(lookup, headers)),
    // The editor learns the name a moment after the document: just after a change of tabs it is the old tab's.
    operationName: operationName && query.includes(operationName) ? operationName : undefined,
  };
  const kind = kindOf(operation);
  if (kind === 'subscription') return follow(operation, headers.get('Authorization'));
  const answer = await post(operation, headers);
  if (kind === 'mutation') introduce(); // it may have changed somebody's role
  return answer;
}

/** The kind of the operation; nothing where the server will find a fault in it. */
function kindOf({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation;
  } catch {
    return undefined;
  }
}
