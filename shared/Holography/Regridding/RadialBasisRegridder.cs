using System.Buffers;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.LinearAlgebra;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Regridding;

/// <summary>
/// Mode <c>voltage-rbf</c> of HOLOGRAPHY eq. 6(a): the complex voltages straight to the recentred output grid by r³, one factorisation and one
/// weight matrix an antenna, a matrix product for all planes; flagged points are left out exactly. With the nominal raster as
/// target it is also the first half of <c>power-spline</c>, eq. 6(c).
/// </summary>
public sealed class RadialBasisRegridder : IVoltageRegridder
{
    readonly BeamVoltages _voltages;
    readonly CubicRadialBasis?[] _bases;
    readonly float[]?[] _weights;
    readonly double[]?[] _centreWeights;
    readonly double _maxMissing;

    /// <summary>Factors every antenna's raster and works out its weights: G x P floats an antenna stay in memory.</summary>
    /// <param name="voltages">The beam's voltages.</param>
    /// <param name="raster">Achieved offsets, [A][P].</param>
    /// <param name="targets">Target positions, [G], rad.</param>
    /// <param name="centre">The nominal beam centre, rad.</param>
    /// <param name="antennas">Antennas to prepare; others are not accepted.</param>
    /// <param name="maxMissingPoints">Largest flagged fraction of points that is interpolated over.</param>
    /// <param name="threads">Threads for the preparation.</param>
    /// <exception cref="RegriddingException">The raster does not fit the voltages, or an antenna's points coincide.</exception>
    public RadialBasisRegridder(
        BeamVoltages voltages, AchievedRaster raster, IReadOnlyList<SkyOffset> targets, SkyOffset centre,
        IReadOnlyCollection<int> antennas, double maxMissingPoints, int threads)
    {
        if (raster.Grid.Count != voltages.Points || raster.Offsets.Length != voltages.Antennas)
        {
            throw new RegriddingException(
                $"the raster has {raster.Offsets.Length} antennas and {raster.Grid.Count} points, the voltages {voltages.Antennas} and {voltages.Points}");
        }

        _voltages = voltages;
        _maxMissing = maxMissingPoints;
        Pixels = targets.Count;
        _bases = new CubicRadialBasis?[voltages.Antennas];
        _weights = new float[]?[voltages.Antennas];
        _centreWeights = new double[]?[voltages.Antennas];
        Parallel.ForEach(antennas, new ParallelOptions { MaxDegreeOfParallelism = threads }, a =>
        {
            var basis = CubicRadialBasis.Factor(raster.Offsets[a]);
            _bases[a] = basis;
            _weights[a] = basis.PackedWeights(targets);
            _centreWeights[a] = basis.WeightsAt(centre);
        });
    }

    /// <inheritdoc/>
    public int Pixels { get; }

    /// <inheritdoc/>
    public bool Accepts(int antenna) => _bases[antenna] is not null;

    /// <inheritdoc/>
    public void Regrid(int antenna, int firstChannel, Span<float> jones, Span<float> centre, Span<bool> valid)
    {
        if (_bases[antenna] is not { } basis) throw new ArgumentException($"antenna {antenna} has not been prepared", nameof(antenna));
        var points = _voltages.Points;
        var gathered = ArrayPool<float>.Shared.Rent(points * ChannelBlock.Width);
        var panels = ArrayPool<float>.Shared.Rent(points * ChannelBlock.Width);
        try
        {
            var block = gathered.AsSpan(0, points * ChannelBlock.Width);
            var flagged = ChannelBlock.Gather(_voltages, antenna, firstChannel, block);
            for (var lane = 0; lane < ChannelBlock.Lanes; lane++)
                valid[lane] = flagged[lane] is { } missing && FillLane(basis, block, lane, missing);
            MultiplyCentre(_centreWeights[antenna]!, block, centre);
            MultiplyAll(_weights[antenna]!, block, panels, jones);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(gathered);
            ArrayPool<float>.Shared.Return(panels);
        }
    }

    bool FillLane(CubicRadialBasis basis, Span<float> block, int lane, List<int> flagged)
    {
        if (flagged.Count == 0) return true;
        if (flagged.Count > _maxMissing * _voltages.Points) return false;
        var values = new double[_voltages.Points * ChannelBlock.Components];
        for (var k = 0; k < values.Length; k++) values[k] = block[(k * ChannelBlock.Lanes) + lane];
        if (!basis.FillLeftOut([.. flagged], values, ChannelBlock.Components)) return false;
        foreach (var p in flagged)
        {
            for (var component = 0; component < ChannelBlock.Components; component++)
            {
                var k = (p * ChannelBlock.Components) + component;
                block[(k * ChannelBlock.Lanes) + lane] = (float)values[k];
            }
        }

        return true;
    }

    static void MultiplyCentre(double[] weights, ReadOnlySpan<float> block, Span<float> centre)
    {
        Span<double> sums = stackalloc double[ChannelBlock.Width];
        sums.Clear();
        for (var p = 0; p < weights.Length; p++)
        {
            var row = block.Slice(p * ChannelBlock.Width, ChannelBlock.Width);
            for (var k = 0; k < row.Length; k++) sums[k] += weights[p] * row[k];
        }

        for (var k = 0; k < sums.Length; k++) centre[k] = (float)sums[k];
    }

    void MultiplyAll(float[] weights, ReadOnlySpan<float> block, float[] panels, Span<float> jones)
    {
        var columns = PanelProduct.PanelColumns<float>();
        var points = _voltages.Points;
        const int rows = PanelProduct.StripRows;
        for (var p = 0; p < points; p++)
        {
            for (var panel = 0; panel < ChannelBlock.Width / columns; panel++)
                block.Slice((p * ChannelBlock.Width) + (panel * columns), columns).CopyTo(panels.AsSpan(((panel * points) + p) * columns));
        }

        Span<float> last = stackalloc float[rows * ChannelBlock.Width];
        for (var strip = 0; strip < PanelProduct.Strips(Pixels); strip++)
        {
            var whole = (strip + 1) * rows <= Pixels;
            var to = whole ? jones.Slice(strip * rows * ChannelBlock.Width, rows * ChannelBlock.Width) : last;
            for (var panel = 0; panel < ChannelBlock.Width / columns; panel++)
            {
                PanelProduct.Multiply(
                    weights.AsSpan(strip * points * rows, points * rows), panels.AsSpan(panel * points * columns, points * columns),
                    to[(panel * columns)..], points, ChannelBlock.Width);
            }

            if (!whole) last[..((Pixels - (strip * rows)) * ChannelBlock.Width)].CopyTo(jones[(strip * rows * ChannelBlock.Width)..]);
        }
    }
}
