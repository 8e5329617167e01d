using Holoflow.Holography.Averaging;
using Holoflow.Holography.Flagging;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Reduction;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Spectra;

namespace Holoflow.Holography.Accuracy;

/// <summary>One simulated beam taken through H4 to H10 in memory: HOLOGRAPHY section 9.1, eqs. 2 to 14.</summary>
public sealed class BeamExperiment
{
    readonly ObservationSimulator _simulator;

    /// <summary>Simulates, extracts the raster, averages and flags one beam.</summary>
    /// <param name="simulator">The observation.</param>
    /// <param name="beam">Beam number.</param>
    /// <param name="outputPixels">K.</param>
    /// <param name="threads">Threads for flagging.</param>
    /// <param name="flag">Whether interference is looked for.</param>
    public BeamExperiment(ObservationSimulator simulator, int beam, int outputPixels, int threads, bool flag = true)
    {
        _simulator = simulator;
        Beam = beam;
        var o = simulator.Options;
        Grid = OutputGrid.ForBeam(o.Raster, o.Footprint, beam, outputPixels);
        Raster = RasterExtraction.Extract(o.Raster, o.Source, simulator.Tracks(), o.Reference, simulator.Integrations(), new RasterExtractionOptions());
        var averager = new VoltageAverager(o.Antennas, o.Reference, o.Raster.Count, o.Frequencies.Count);
        foreach (var block in simulator.Visibilities(beam))
        {
            for (var row = 0; row < block.Rows; row++)
            {
                var target = block.Antenna1[row] == o.Reference ? block.Antenna2[row] : block.Antenna1[row];
                if (Raster.Uses(target, block.Integration))
                    averager.Add(block.Antenna1[row], block.Antenna2[row], Raster.PointOf(block.Integration), block.RowData(row), block.RowFlags(row), block.RowWeights(row));
            }
        }

        Voltages = averager.Finish();
        if (flag) SumThreshold.Flag(Voltages, new SumThresholdOptions(), threads);
    }

    /// <summary>Beam number.</summary>
    public int Beam { get; }

    /// <summary>Output grid.</summary>
    public OutputGrid Grid { get; }

    /// <summary>Achieved raster.</summary>
    public AchievedRaster Raster { get; }

    /// <summary>Averaged and flagged voltages.</summary>
    public BeamVoltages Voltages { get; }

    /// <summary>Regrids, normalises, forms Stokes and averages over antennas.</summary>
    public BeamMean Reduce(ReductionOptions options) =>
        BeamReduction.Run(Voltages, Raster, Grid, [.. _simulator.Options.Frequencies], _simulator.Options.Reference, options);

    /// <summary>Compares a channel of the mean beam, before any fit in frequency, with the truth.</summary>
    /// <param name="mean">Of this beam.</param>
    /// <param name="channel">Channel number.</param>
    /// <param name="receptorAngle">rad, as the reduction was given it.</param>
    public BeamError CompareMean(BeamMean mean, int channel, double receptorAngle)
    {
        var planes = new float[4][];
        for (var s = 0; s < 4; s++) planes[s] = mean.Plane(s, channel).ToArray();
        for (var s = 1; s < 4; s++)
        {
            for (var k = 0; k < Grid.Count; k++) planes[s][k] /= planes[0][k];
        }

        return BeamError.Between(planes, _simulator.Truth(Beam, Grid, channel, receptorAngle), Grid);
    }

    /// <summary>Compares a channel of the cleaned beam with the truth.</summary>
    /// <param name="cleaned">Of this beam.</param>
    /// <param name="channel">Channel number.</param>
    /// <param name="receptorAngle">rad, as the reduction was given it.</param>
    public BeamError CompareCleaned(CleanedBeam cleaned, int channel, double receptorAngle)
    {
        var channels = _simulator.Options.Frequencies.Count;
        var planes = Enumerable.Range(0, 4).Select(s => cleaned.Cube.AsSpan(((s * channels) + channel) * Grid.Count, Grid.Count).ToArray()).ToArray();
        return BeamError.Between(planes, _simulator.Truth(Beam, Grid, channel, receptorAngle), Grid);
    }
}
