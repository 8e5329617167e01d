using Holoflow.Holography.MeasurementSets;

namespace Holoflow.HolographyFlow.Validation;

/// <summary>
/// Finds the rows that pair the reference antenna with another: a twentieth of an observation of 36 antennas. Only their visibilities are read.
/// </summary>
static class ReferenceRows
{
    const int LargestRead = 1 << 20;

    /// <summary>How many rows of that many channels are read at once: eight megabytes of visibilities.</summary>
    public static int LongestRun(int channels) => Math.Max(1, LargestRead / (4 * channels));

    /// <summary>Runs of neighbouring rows (first row in the block, length).</summary>
    public static IEnumerable<(int Start, int Length)> Runs(MainRows rows, int reference, int longest)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            if (!Holds(rows, row, reference))
                continue;
            var start = row;
            while (row + 1 < rows.Count && row + 1 - start < longest && Holds(rows, row + 1, reference))
                row++;
            yield return (start, row + 1 - start);
        }
    }

    static bool Holds(MainRows rows, int row, int reference) =>
        rows.Antenna1[row] != rows.Antenna2[row] && (rows.Antenna1[row] == reference || rows.Antenna2[row] == reference);
}
