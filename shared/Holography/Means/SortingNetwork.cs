using System.Numerics;

namespace Holoflow.Holography.Means;

/// <summary>
/// Batcher's odd-even merge sort as a list of exchanges, for vectors whose lanes are sorted independently: the order statistics of
/// some tens of antennas in as many lanes at once. Knuth, The Art of Computer Programming, vol. 3, 5.2.2 M.
/// </summary>
sealed class SortingNetwork
{
    readonly (int Low, int High)[] _exchanges;

    /// <summary>The network for <paramref name="count"/> elements.</summary>
    public SortingNetwork(int count)
    {
        Count = count;
        var exchanges = new List<(int, int)>();
        var top = 1 << Math.Max(BitOperations.Log2((uint)Math.Max(count - 1, 1)), 0);
        for (var p = top; p > 0; p >>= 1)
        {
            var (q, r, d) = (top, 0, p);
            while (true)
            {
                for (var i = 0; i < count - d; i++)
                {
                    if ((i & p) == r) exchanges.Add((i, i + d));
                }

                if (q == p) break;
                (d, q, r) = (q - p, q >> 1, p);
            }
        }

        _exchanges = [.. exchanges];
    }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Sorts each lane ascending.</summary>
    public void Sort(Span<Vector<float>> values)
    {
        foreach (var (low, high) in _exchanges)
        {
            var (a, b) = (values[low], values[high]);
            values[low] = Vector.Min(a, b);
            values[high] = Vector.Max(a, b);
        }
    }
}
