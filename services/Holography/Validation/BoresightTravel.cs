using Holoflow.Holography.MeasurementSets;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Validation;

/// <summary>How far each antenna's boresight moved during an observation: the reference does not.</summary>
static class BoresightTravel
{
    const int BlockRows = 4096;

    /// <summary>By antenna: largest extent in declination or in right ascension (times the cosine of declination), degrees; NaN without rows.</summary>
    public static double[] Measure(MeasurementSet set)
    {
        var antennas = set.Antennas.Count;
        var extent = new (double Low, double High, double Left, double Right, double First)[antennas];
        Array.Fill(extent, (double.NaN, double.NaN, 0, 0, 0));
        var rows = new PointingRow[BlockRows];
        for (long first = 0; first < set.Pointing.RowCount; first += BlockRows)
        {
            var block = rows.AsSpan(0, (int)Math.Min(BlockRows, set.Pointing.RowCount - first));
            set.Pointing.Read(first, block);
            foreach (ref readonly var row in block)
            {
                if (row.AntennaId < 0 || row.AntennaId >= antennas || !double.IsFinite(row.RightAscension + row.Declination))
                    continue;
                ref var e = ref extent[row.AntennaId];
                if (double.IsNaN(e.Low))
                    e = (row.Declination, row.Declination, 0, 0, row.RightAscension);
                var east = Math.IEEERemainder(row.RightAscension - e.First, 2 * Math.PI) * Math.Cos(row.Declination);
                e = (Math.Min(e.Low, row.Declination), Math.Max(e.High, row.Declination), Math.Min(e.Left, east), Math.Max(e.Right, east), e.First);
            }
        }
        return [.. extent.Select(e => Angles.Degrees(Math.Max(e.High - e.Low, e.Right - e.Left)))];
    }
}
