import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './playground.css';
import { examples } from './examples.js';
import { examplesPlugin } from './examples-panel.jsx';
import { fetcher } from './fetcher.js';

const plugins = [examplesPlugin, explorerPlugin(), HISTORY_PLUGIN];
const tabs = examples.map(({ query, variables }) => ({ query, variables }));

export function Playground() {
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      visiblePlugin={examplesPlugin}
      defaultTabs={tabs}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo>Stackyard</GraphiQL.Logo>
    </GraphiQL>
  );
}
