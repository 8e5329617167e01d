import ELK, { type ElkNode } from 'elkjs/lib/elk-api';
import elkWorker from 'elkjs/lib/elk-worker.min.js?url';

export const nodeSize = { width: 210, height: 74 };

export type Placed = { id: string; x: number; y: number };

// The page's policy takes the address of a program only from here.
const policy = (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => { createScriptURL: (url: string) => unknown } } }).trustedTypes?.createPolicy('holoflow-worker', {
  createScriptURL: (url) => {
    if (url !== elkWorker) throw new TypeError(`no program of this page: ${url}`);
    return url;
  },
});

let elk: InstanceType<typeof ELK> | undefined;

/** Starts the program that lays graphs out: it is large, and is loaded while their data come. */
export function prepareLayout(): InstanceType<typeof ELK> {
  return (elk ??= new ELK({ workerFactory: () => new Worker((policy?.createScriptURL(elkWorker) ?? elkWorker) as string) }));
}

/** So many layers in a row are read at a glance; a longer graph goes on in rows below. */
const longestRow = 7;

function layersOf(ids: readonly string[], edges: readonly { from: string; to: string }[]): number {
  const layer = new Map(ids.map((id) => [id, 1]));
  // A graph of tasks has no cycles; if one had, the rounds end all the same.
  for (let round = 0, changed = true; changed && round < ids.length; round++) {
    changed = false;
    for (const { from, to } of edges) {
      const after = (layer.get(from) ?? 0) + 1;
      if (from === to || !layer.has(from) || (layer.get(to) ?? after) >= after) continue;
      layer.set(to, after);
      changed = true;
    }
  }
  return Math.max(1, ...layer.values());
}

/** Places the nodes of a graph from left to right; the work is done beside the page, which stays quick. */
export async function layOut(ids: readonly string[], edges: readonly { from: string; to: string }[], direction: 'RIGHT' | 'DOWN'): Promise<Placed[]> {
  const known = new Set(ids);
  const graph: ElkNode = {
    id: 'run',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.layered.spacing.nodeNodeBetweenLayers': '56',
      'elk.spacing.nodeNode': '28',
      'elk.spacing.componentComponent': '28',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      ...(direction === 'RIGHT' && layersOf(ids, edges) > longestRow ? { 'elk.layered.wrapping.strategy': 'MULTI_EDGE', 'elk.aspectRatio': '4', 'elk.layered.wrapping.additionalEdgeSpacing': '24' } : {}),
    },
    children: ids.map((id) => ({ id, ...nodeSize })),
    edges: edges.filter((edge) => known.has(edge.from) && known.has(edge.to) && edge.from !== edge.to).map((edge, i) => ({ id: `e${i}`, sources: [edge.from], targets: [edge.to] })),
  };
  const placed = await prepareLayout().layout(graph);
  return (placed.children ?? []).map((node) => ({ id: node.id, x: node.x ?? 0, y: node.y ?? 0 }));
}
