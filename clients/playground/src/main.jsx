import { createRoot } from 'react-dom/client';
import 'graphiql/setup-workers/vite';
import { Playground } from './playground.jsx';

createRoot(document.getElementById('playground')).render(<Playground />);
