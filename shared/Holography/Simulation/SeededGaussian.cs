using System.Numerics;

namespace Holoflow.Holography.Simulation;

/// <summary>
/// A reproducible generator of uniform and normal numbers: xoshiro256** (Blackman and Vigna 2018) seeded by splitmix64, normals by the polar
/// method. The same seed gives the same numbers on every platform and version.
/// </summary>
public sealed class SeededGaussian
{
    ulong _a;
    ulong _b;
    ulong _c;
    ulong _d;
    double _spare = double.NaN;

    /// <summary>A generator for a seed and a stream: different streams of one seed are independent.</summary>
    public SeededGaussian(long seed, params ReadOnlySpan<int> stream)
    {
        var state = (ulong)seed;
        foreach (var part in stream) state = Mix(ref state) ^ ((ulong)(uint)part * 0x9E3779B97F4A7C15);
        (_a, _b, _c, _d) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state));
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normal with mean 0 and the given standard deviation.</summary>
    public double Normal(double sigma = 1)
    {
        if (!double.IsNaN(_spare))
        {
            var kept = _spare;
            _spare = double.NaN;
            return sigma * kept;
        }

        while (true)
        {
            var (x, y) = ((2 * Uniform()) - 1, (2 * Uniform()) - 1);
            var r = (x * x) + (y * y);
            if (r is >= 1 or 0) continue;
            var factor = Math.Sqrt(-2 * Math.Log(r) / r);
            _spare = y * factor;
            return sigma * x * factor;
        }
    }

    ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
