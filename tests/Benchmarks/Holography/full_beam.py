"""The same beam by numpy and scipy: average, r^3 regridding with one weight matrix an antenna, normalisation, Stokes, mean, robust error."""
import json
import os
import sys
import time

import numpy as np
from scipy.linalg import lu_factor, lu_solve

folder = sys.argv[1]
d = json.load(open(f'{folder}/description.json'))
A, C, P, ref = d['antennas'], d['channels'], d['points'], d['reference']
per = d['integrations']
rows = np.memmap(f'{folder}/rows', dtype='<c8', mode='r').reshape(P, per, A - 1, C, 4)
targets = [a for a in range(A) if a != ref]


def clock():
    return np.array([time.perf_counter(), time.process_time()])


# One point at a time, so that memory stays small; rows in which the reference comes first are turned target-first.
spent = np.zeros(2)
averaged = np.zeros((A, P, C, 4), '<c8')
for p in range(P):
    point = np.array(rows[p, d['settling']:])
    begin = clock()
    flags = np.zeros(point.shape, bool)
    weight = np.where(flags | ~np.isfinite(point), np.float32(0), np.float32(1))
    total = weight.sum(axis=0)
    mean = (point * weight).sum(axis=0) / np.where(total > 0, total, 1)
    after = np.array([a > ref for a in targets])
    mean[after] = mean[after].conj()[..., [0, 2, 1, 3]]
    averaged[targets, p] = mean
    spent += clock() - begin
average = spent

E = np.fromfile(f'{folder}/voltages', dtype='<f4').view('<c8').reshape(A, P, C, 4)
print(f'numpy: averages agree to {np.abs(averaged[targets] - E[targets]).max() / np.abs(E).max():.1e} of the peak')
begin = clock()
l, m = np.array(d['l']), np.array(d['m'])
gl, gm = [g.ravel() for g in np.meshgrid(l, m)]
K = len(gl)
weights = {}
for a in targets:
    s = np.array(d['offsets'][a]) * 10
    phi = np.hypot(s[:, None, 0] - s[None, :, 0], s[:, None, 1] - s[None, :, 1]) ** 3
    phig = np.hypot(10 * gl[:, None] - s[None, :, 0], 10 * gm[:, None] - s[None, :, 1]) ** 3
    weights[a] = lu_solve(lu_factor(phi.T), phig.T).T.astype(np.float32)
prepared = clock() - begin

begin = clock()
out = np.zeros((4, C, K), np.float32)
error = np.zeros((4, C, K), np.float32)
block = 16
for c in range(0, C, block):
    stokes = np.empty((len(targets), 4, K, block), np.float32)
    for i, a in enumerate(targets):
        x = np.ascontiguousarray(E[a, :, c:c + block]).reshape(P, block * 4).view('<f4')
        j = (weights[a] @ x).view('<c8').reshape(K, block, 4)
        centre = j[K // 2]
        sx, sy = 1 / centre[:, 0], 1 / centre[:, 3]
        i0 = np.sqrt(0.5 * (2 + np.abs(sx * centre[:, 1]) ** 2 + np.abs(sy * centre[:, 2]) ** 2))
        xx, xy, yx, yy = j[..., 0] * (sx / i0), j[..., 1] * (sx / i0), j[..., 2] * (sy / i0), j[..., 3] * (sy / i0)
        bxx = 0.5 * (xx.real ** 2 + xx.imag ** 2 + xy.real ** 2 + xy.imag ** 2)
        byy = 0.5 * (yx.real ** 2 + yx.imag ** 2 + yy.real ** 2 + yy.imag ** 2)
        bxy = 0.5 * (xx * yx.conj() + xy * yy.conj())
        stokes[i, 0], stokes[i, 1], stokes[i, 2], stokes[i, 3] = bxx + byy, byy - bxx, -2 * bxy.real, 2 * bxy.imag
    out[:, c:c + block] = stokes.mean(axis=0).transpose(0, 2, 1)
    median = np.median(stokes, axis=0)
    mad = np.median(np.abs(stokes - median), axis=0)
    error[:, c:c + block] = (1.4826 * mad / np.sqrt(len(targets))).transpose(0, 2, 1)
reduced = clock() - begin

ours = np.fromfile(f'{folder}/mean', dtype='<f4').reshape(4, C, K)
print(f'numpy: mean beams agree to {np.nanmedian(np.abs(ours - out)):.1e} (median over pixels)')
total = average + prepared + reduced
print(f'numpy: average {average[0]:.2f} s, weights {prepared[0]:.2f} s, regrid to mean {reduced[0]:.2f} s, together {total[0]:.2f} s, processor time {total[1]:.2f} s')
with open('/proc/self/maps') as maps:
    libraries = {line.split()[-1] for line in maps if 'blas' in line}
print('numpy: libraries', ', '.join(sorted(os.path.basename(name) for name in libraries if '.so' in name and 'cython' not in name and 'python' not in name)))
