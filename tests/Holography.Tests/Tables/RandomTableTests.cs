using FsCheck.Fluent;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Tables;

/// <summary>Tables that casacore writes with random columns, data managers, shapes, tiles, byte order and rows read back the same.</summary>
public sealed class RandomTableTests
{
    /// <summary>Python: writes random tables from a seed. Values include what each manager treats specially (empty cells, long strings, repeats).</summary>
    const string WriteRandomTable = """
        import casacore.tables as ct, numpy as np, random, os
        types = {'boolean': '?', 'uchar': 'u1', 'short': 'i2', 'int': 'i4', 'uint': 'u4', 'float': 'f4', 'double': 'f8', 'complex': 'c8', 'dcomplex': 'c16'}
        def value(rng, kind, shape):
            if kind == 'string':
                make = lambda: ''.join(chr(rng.randint(65, 90)) for _ in range(rng.choice([0, 1, 7, 8, 9, 30, 300])))
                if shape is None: return make()
                return np.array([make() for _ in range(int(np.prod(shape)))], dtype=str).reshape(shape)
            n = 1 if shape is None else int(np.prod(shape))
            raw = np.frombuffer(rng.randbytes(n * np.dtype(types[kind]).itemsize), dtype=types[kind]) if kind not in ('boolean',) else np.array([rng.random() < 0.5 for _ in range(n)])
            if kind in ('float', 'double', 'complex', 'dcomplex'): raw = np.nan_to_num(raw * 1.0).astype(types[kind])
            return raw[0].item() if shape is None else raw.reshape(shape)
        def write(seed, path):
            rng = random.Random(seed)
            rows = rng.choice([0, 1, 2, 7, 40, 130])
            columns, managers, plan = [], {}, []
            def shape_of(axes): return [rng.randint(1, 5) for _ in range(axes)]
            for i in range(rng.randint(1, 9)):
                kind = rng.choice(list(types) + ['string'])
                manager = rng.choice(['StandardStMan', 'IncrementalStMan'])
                group = manager + str(rng.randint(0, 1))
                form = rng.choice(['scalar', 'direct', 'variable'])
                name = 'C%d' % i
                if form == 'scalar':
                    columns.append(ct.makescacoldesc(name, value(rng, kind, None) if kind == 'string' else 0, valuetype=kind, datamanagertype=manager, datamanagergroup=group)); shape = None
                elif form == 'direct':
                    shape = shape_of(rng.randint(1, 3))
                    columns.append(ct.makearrcoldesc(name, 0 if kind != 'string' else '', shape=shape, ndim=len(shape), options=5, valuetype=kind, datamanagertype=manager, datamanagergroup=group))
                else:
                    shape = 'variable'
                    columns.append(ct.makearrcoldesc(name, 0 if kind != 'string' else '', valuetype=kind, datamanagertype=manager, datamanagergroup=group))
                plan.append((name, kind, shape, 'vary' if manager == 'StandardStMan' else rng.choice(['vary', 'repeat'])))
            for i in range(rng.randint(0, 3)):
                manager = rng.choice(['TiledShapeStMan', 'TiledColumnStMan', 'TiledCellStMan'])
                axes = rng.randint(1, 3)
                cell = shape_of(axes)
                tile = [rng.randint(1, 4) for _ in range(axes + (0 if manager == 'TiledCellStMan' else 1))]
                names, group = [], 'T%d' % i
                for k in range(rng.randint(1, 3)):
                    kind = rng.choice(list(types))
                    name = 'T%d_%d' % (i, k); names.append(name)
                    fixed = manager == 'TiledColumnStMan'
                    extra = dict(shape=cell, options=5) if fixed else {}
                    columns.append(ct.makearrcoldesc(name, 0, ndim=axes, valuetype=kind, datamanagertype=manager, datamanagergroup=group, **extra))
                    plan.append((name, kind, cell if fixed else ('tiled', group, axes), 'vary'))
                managers['*%d' % i] = {'NAME': group, 'TYPE': manager, 'COLUMNS': names, 'SPEC': {'DEFAULTTILESHAPE': np.array(tile, dtype='i4')}}
            description = ct.maketabdesc(columns)
            dminfo = dict(managers)
            for g in set((c['desc']['dataManagerType'], c['desc']['dataManagerGroup']) for c in columns if not c['desc']['dataManagerType'].startswith('Tiled')):
                names = [c['name'] for c in columns if c['desc']['dataManagerGroup'] == g[1]]
                dminfo['*s' + g[1]] = {'NAME': g[1], 'TYPE': g[0], 'COLUMNS': names, 'SPEC': {'BUCKETSIZE': rng.choice([2000, 8192, 40000])} if g[0] == 'StandardStMan' else {'BUCKETSIZE': 65536}}
            table = ct.table(path, description, nrow=0, dminfo=dminfo, endian=rng.choice(['big', 'little']), ack=False)
            done = 0
            while done < rows:
                step = rng.randint(1, rows - done); table.addrows(step)
                for name, kind, shape, habit in plan:
                    last = None
                    for row in range(done, done + step):
                        if isinstance(shape, tuple): continue
                        if shape == 'variable' and rng.random() < 0.2: continue
                        if habit == 'repeat' and last is not None and rng.random() < 0.6: table.putcell(name, row, last); continue
                        last = value(rng, kind, shape_of(rng.randint(1, 3)) if shape == 'variable' else shape)
                        table.putcell(name, row, last)
                for row in range(done, done + step):
                    shapes = {}
                    for name, kind, shape, habit in plan:
                        if isinstance(shape, tuple):
                            if shape[1] not in shapes: shapes[shape[1]] = None if rng.random() < 0.1 else shape_of(shape[2])
                            if shapes[shape[1]] is not None: table.putcell(name, row, value(rng, kind, shapes[shape[1]]))
                done += step
            table.close()
        for seed in args['seeds']: write(seed, os.path.join(args['folder'], 't%d' % seed))
        """;

    [Fact]
    public async Task Tables_written_by_casacore_read_the_same()
    {
        using var folder = new TemporaryFolder();
        int[] seeds = [.. Gen.Sample(Gen.Choose(1, int.MaxValue), 60).Distinct()];
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await PythonJudge.Ask(WriteRandomTable, new { seeds, folder = folder.Path }, cancellationToken);
        // The failing table's path in the message carries its seed.
        await TableComparison.AssertSame([.. seeds.Select(seed => folder.File($"t{seed}"))], cancellationToken);
    }
}
