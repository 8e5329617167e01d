using System.Numerics;
using System.Runtime.InteropServices;
using Holoflow.Holography;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Validation;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>
/// H5: the rows of the reference antenna, averaged by raster point. Rows are read in runs; what is held is one run and the result, however long the
/// MeasurementSet.
/// </summary>
sealed class VoltageExtraction
{
    const int BlockRows = 4096;
    readonly ReductionPlan _plan;
    readonly AchievedRaster _raster;
    readonly IReadOnlyDictionary<double, int> _integrationAt;
    readonly SourceModel? _model;
    long _used, _dropped, _nonFinite;

    public VoltageExtraction(ReductionPlan plan, AchievedRaster raster, IReadOnlyDictionary<double, int> integrationAt)
    {
        (_plan, _raster, _integrationAt) = (plan, raster, integrationAt);
        _model = plan.Parameters.SourceModel is { } path ? SourceModelFile.Read(path) : null;
    }

    public BeamFigures Figures { get; private set; } = new();

    /// <summary>Averages one beam.</summary>
    /// <param name="path">Its MeasurementSet.</param>
    /// <param name="progress">Told rows done and their total.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public BeamVoltages Run(string path, Action<long, long> progress, CancellationToken cancellation)
    {
        using var set = MeasurementSet.Open(path);
        var channels = _plan.FrequenciesHz.Length;
        var averager = new VoltageAverager(set.Antennas.Count, _plan.Reference, _raster.Grid.Count, channels);
        var rows = new MainRows(BlockRows);
        var longest = ReferenceRows.LongestRun(channels);
        var (data, flags, weights) = (new ComplexSingle[longest * channels * 4], new bool[longest * channels * 4], new float[longest * 4]);
        for (long first = 0; first < set.Main.RowCount; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = (int)Math.Min(BlockRows, set.Main.RowCount - first);
            set.Main.Read(first, count, rows);
            foreach (var (start, length) in ReferenceRows.Runs(rows, _plan.Reference, longest))
            {
                set.Main.ReadData(first + start, length, data.AsSpan(0, length * channels * 4));
                set.Main.ReadFlags(first + start, length, flags.AsSpan(0, length * channels * 4));
                set.Main.ReadWeights(first + start, length, weights.AsSpan(0, length * 4));
                for (var row = 0; row < length; row++)
                    Add(averager, rows, start + row, Row(data, row), Row(flags, row), weights.AsSpan(row * 4, 4));
            }
            progress(first + count, set.Main.RowCount);
        }
        var voltages = averager.Finish(_plan.Parameters.ReferenceXyPhase is { } file ? ReferenceXyPhaseFile.Read(file, channels) : null);
        Figures = new BeamFigures { RowsUsed = _used, RowsDropped = _dropped, NonFinite = _nonFinite, FlaggedBefore = FlaggedFraction.Of(voltages, _plan.Reference) };
        return voltages;

        Span<T> Row<T>(T[] values, int row) => values.AsSpan(row * channels * 4, channels * 4);
    }

    void Add(VoltageAverager averager, MainRows rows, int row, Span<ComplexSingle> data, Span<bool> flags, Span<float> weights)
    {
        int a = rows.Antenna1[row], b = rows.Antenna2[row];
        var target = a == _plan.Reference ? b : a;
        if (rows.FlagRow[row] || !_integrationAt.TryGetValue(rows.Time[row], out var integration) || !_raster.Uses(target, integration))
        {
            _dropped++;
            return;
        }
        var values = MemoryMarshal.Cast<ComplexSingle, float>(data);
        _nonFinite += NonFinite(values, flags);
        _model?.Divide(values, rows.Uvw[3 * row], rows.Uvw[(3 * row) + 1], _plan.FrequenciesHz);
        averager.Add(a, b, _raster.PointOf(integration), values, flags, weights);
        _used++;
    }

    static long NonFinite(ReadOnlySpan<float> values, ReadOnlySpan<bool> flags)
    {
        // A sum is finite only if every term is, short of an overflow, which the loop then looks into.
        var sum = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
            sum += vector * Vector<float>.Zero;
        var rest = Vector.Sum(sum);
        for (var k = vectors.Length * Vector<float>.Count; k < values.Length; k++)
            rest += values[k] * 0;
        if (rest == 0)
            return 0;
        var count = 0L;
        for (var k = 0; k < flags.Length; k++)
        {
            if (!flags[k] && !(float.IsFinite(values[2 * k]) && float.IsFinite(values[(2 * k) + 1])))
                count++;
        }
        return count;
    }
}
