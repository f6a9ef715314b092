import { createClient } from 'graphql-ws';
import { snapshot, subscribe } from './viewer.js';

/**
 * Follows a subscription over a socket of its own, which ends with it, or when somebody else is chosen to ask. It is
 * not begun again by itself: what happened meanwhile would be missing.
 */
export function follow(operation, authorization) {
  return {
    subscribe(observer) {
      const { user } = snapshot();
      const client = createClient({
        url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
        connectionParams: authorization === null ? undefined : { Authorization: authorization },
        retryAttempts: 0,
      });
      let isOver = false;
      const end = (tell) => {
        if (isOver) return;
        isOver = true;
        unwatch();
        cancel();
        tell?.();
      };
      const unwatch = subscribe(() => {
        if (snapshot().user === user) return;
        end(() => observer.error({ message: 'Ended, because somebody else is asking now.' }));
      });
      const cancel = client.subscribe(operation, {
        next: (result) => isOver || observer.next(result),
        error: (error) => end(() => observer.error(told(error))),
        complete: () => end(() => observer.complete()),
      });
      return { unsubscribe: () => end() };
    },
  };
}

/** An error in the form in which it is shown: that of the server, or what it said when it closed the socket. */
function told(error) {
  if (Array.isArray(error)) return error;
  if (error instanceof CloseEvent && error.reason) {
    return { message: `The server closed the connection: ${error.reason} (${error.code})` };
  }
  return { message: 'The connection to the server was lost, or could not be opened.' };
}
