using System.Runtime.InteropServices;
using Holoflow.Holography;
using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Simulation;

namespace Holoflow.HolographyFlow.Simulation;

/// <summary>Writes one beam of a simulated observation as a MeasurementSet, an integration at a time, with the faults that lie in its rows.</summary>
sealed class MeasurementSetSimulation(SimulatedObservation observation, int beam)
{
    const double DegreesOffTarget = 0.1;
    readonly SimulationOptions _options = observation.Options;

    /// <summary>Writes the MeasurementSet.</summary>
    /// <param name="path">A folder that does not exist.</param>
    /// <param name="progress">Told integrations done and their total.</param>
    /// <param name="cancellation">Stops between integrations.</param>
    public void Write(string path, Action<long, long> progress, CancellationToken cancellation)
    {
        using var writer = MeasurementSetWriter.Create(path, Contents());
        if (!observation.Has(SimulatedFault.NoPointing))
            writer.AppendPointing([.. observation.Simulator.PointingRows().Select(PointingOf)]);
        var total = observation.Simulator.Integrations().Count;
        MainRows? rows = null;
        foreach (var block in observation.Simulator.Visibilities(beam))
        {
            cancellation.ThrowIfCancellationRequested();
            rows ??= new MainRows(block.Rows);
            Append(writer, rows, block, block.Scan, 0);
            progress(block.Integration + 1, total);
        }
        if (observation.Has(SimulatedFault.RepeatedPoints))
            Repeat(writer, rows!, cancellation);
        writer.Complete();
    }

    void Repeat(MeasurementSetWriter writer, MainRows rows, CancellationToken cancellation)
    {
        var (last, points) = (observation.Simulator.Integrations()[^1], _options.Raster.Count);
        var delay = last.Time - _options.StartTime + (_options.IntegrationSeconds / 2);
        if (!observation.Has(SimulatedFault.NoPointing))
        {
            var end = delay + _options.StartTime;
            writer.AppendPointing([.. observation.Simulator.PointingRows()
                .TakeWhile(row => row.Time < _options.StartTime + (_options.Raster.Columns * (_options.IntegrationsPerPoint + _options.SettlingIntegrations) * _options.IntegrationSeconds))
                .Select(row => PointingOf(row with { Time = row.Time - _options.StartTime + end }))]);
        }
        foreach (var block in observation.Simulator.Visibilities(beam).TakeWhile(block => block.Scan < _options.Raster.Columns))
        {
            cancellation.ThrowIfCancellationRequested();
            Append(writer, rows, block, points + block.Scan, delay);
        }
    }

    void Append(MeasurementSetWriter writer, MainRows rows, VisibilityBlock block, int scan, double delay)
    {
        rows.Count = block.Rows;
        block.Antenna1.CopyTo(rows.Antenna1, 0);
        block.Antenna2.CopyTo(rows.Antenna2, 0);
        block.Uvw.CopyTo(rows.Uvw, 0);
        var feed = observation.Has(SimulatedFault.FeedMismatch, beam) ? beam + 1 : beam;
        Array.Fill(rows.Feed1, feed);
        Array.Fill(rows.Feed2, feed);
        Array.Fill(rows.ScanNumber, observation.Has(SimulatedFault.ScanOutOfRange) ? scan + (100 * _options.Raster.Count) : scan);
        Array.Fill(rows.Time, block.Time + delay);
        Array.Fill(rows.TimeCentroid, block.Time + delay);
        Array.Fill(rows.Exposure, block.Exposure);
        Array.Fill(rows.Interval, block.Exposure);
        Spoil(block);
        writer.Append(rows, MemoryMarshal.Cast<float, ComplexSingle>(block.Data), block.Flags, block.Weights);
    }

    void Spoil(VisibilityBlock block)
    {
        if (observation.Has(SimulatedFault.ReferenceFlagged))
        {
            for (var row = 0; row < block.Rows; row++)
            {
                if (block.Antenna1[row] == _options.Reference || block.Antenna2[row] == _options.Reference)
                    block.RowFlags(row).Fill(true);
            }
        }
        if (observation.Has(SimulatedFault.HeavyFlags, beam) && block.Integration % 20 != 0)
            Array.Fill(block.Flags, true);
        if (observation.Has(SimulatedFault.ManyFlags, beam))
        {
            for (var k = 0; k < block.Flags.Length; k++)
                block.Flags[k] |= k / 4 % _options.Frequencies.Count % 5 is 1 or 2 or 3;
        }
        if (observation.Has(SimulatedFault.NotANumber, beam) && block.Integration % 7 == 3)
            block.RowData(block.Integration % block.Rows)[..16].Fill(float.NaN);
    }

    PointingRow PointingOf(PointingSample sample)
    {
        var declination = sample.Declination;
        if (observation.Has(SimulatedFault.OffTarget) && sample.Antenna == Enumerable.Range(0, _options.Antennas).Last(a => a != _options.Reference)
            && (int)((sample.Time - _options.StartTime) / _options.IntegrationSeconds / (_options.IntegrationsPerPoint + _options.SettlingIntegrations)) == 1)
            declination += DegreesOffTarget * Math.PI / 180;
        return new PointingRow(
            sample.Antenna, sample.Time, _options.IntegrationSeconds, sample.RightAscension, declination, sample.RightAscension, sample.Declination, true,
            float.NaN, float.NaN, (float)observation.Parameters.PolAxisDegrees);
    }

    MeasurementSetContents Contents()
    {
        var (start, end) = (_options.StartTime, observation.Simulator.Integrations()[^1].Time + (_options.IntegrationSeconds / 2));
        var shift = observation.Has(SimulatedFault.ChannelsDiffer, beam) ? _options.ChannelWidth / 2 : 0;
        double[] frequencies = [.. _options.Frequencies.Select(f => f + shift)];
        double[] direction = [_options.Source.RightAscension, _options.Source.Declination];
        return new MeasurementSetContents
        {
            Antennas = [.. Enumerable.Range(0, _options.Antennas).Select(AntennaOf)],
            Feeds = [.. Enumerable.Range(0, _options.Antennas).Select(a => new Feed(
                a, beam, 0, start, 0, -1, [0, 0, 0, 0], ["X", "Y"], [new(1, 0), new(0, 0), new(0, 0), new(1, 0)], [0, 0, 0], [0, 0]))],
            Fields = [new Field(observation.Block.Source.Name, "", start, direction, direction, direction)],
            SpectralWindows = [new SpectralWindow(
                "simulated", frequencies, [.. frequencies.Select(_ => _options.ChannelWidth)], frequencies[0], _options.ChannelWidth * frequencies.Length)],
            Observations = [new Observation("ASKAP", "simulated", $"SB{observation.Parameters.Sbid}", start, end)],
            History = [(start, "holoflow", $"simulated with seed {_options.Seed}")],
        };
    }

    Antenna AntennaOf(int antenna)
    {
        var (east, north) = observation.Simulator.Positions[antenna];
        var name = SimulatedObservation.AntennaName(antenna);
        // About the site's own position; baselines come from UVW.
        return new Antenna(name, name, "GROUND-BASED", "EQUATORIAL", [-2556088.5 - east, 5097423.4 - north, -2848333.1 + north], [0, 0, 0], _options.Beams.Diameter);
    }
}
