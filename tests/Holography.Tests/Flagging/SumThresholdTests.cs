using Holoflow.Holography.Accuracy;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Flagging;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Flagging;

public sealed class SumThresholdTests
{
    static readonly SimulationOptions Observation = new()
    {
        Antennas = 4,
        Reference = 1,
        Frequencies = [.. Enumerable.Range(0, 96).Select(c => 900e6 + (c * 1e6))],
    };

    [Fact]
    public void Clean_voltages_of_a_bright_source_keep_nearly_all_their_samples()
    {
        var voltages = new BeamExperiment(new ObservationSimulator(Observation), 14, 51, 2).Voltages;
        foreach (var a in new[] { 0, 2, 3 }) Assert.True(voltages.FlaggedFraction(a) < 1e-3, $"antenna {a}: {voltages.FlaggedFraction(a)}");
    }

    [Fact]
    public void Interference_is_found_in_its_channels()
    {
        var options = Observation with { Interference = [new(30, 5, 1), new(60, 20, 0.2)] };
        var voltages = new BeamExperiment(new ObservationSimulator(options), 14, 51, 2).Voltages;
        foreach (var a in new[] { 0, 2, 3 })
        {
            Assert.True(FlaggedFraction(voltages, a, 30) > 0.95);
            Assert.True(FlaggedFraction(voltages, a, 60) > 0.5);
            foreach (var c in new[] { 10, 45, 90 }) Assert.True(FlaggedFraction(voltages, a, c) < 0.02);
        }
    }

    [Theory]
    [InlineData(15, Pattern.Samples)]
    [InlineData(15, Pattern.Channels)]
    [InlineData(15, Pattern.Points)]
    [InlineData(96, Pattern.Samples)]
    [InlineData(96, Pattern.Channels)]
    [InlineData(288, Pattern.Samples)]
    public void Voltages_of_which_most_is_flagged_keep_the_rest(int channels, Pattern pattern)
    {
        var voltages = Flagged(pattern, Observation with { Frequencies = [.. Enumerable.Range(0, channels).Select(c => 900e6 + (c * 1e6))] });
        foreach (var a in new[] { 0, 2, 3 })
        {
            var before = voltages.Flags[a].Count(f => f);
            Assert.InRange((double)before / voltages.Flags[a].Length, 0.55, 0.65);
            var added = SumThreshold.Flag(voltages, new(), 2)[a];
            Assert.True(added < 2e-3 * (voltages.Flags[a].Length - before), $"antenna {a}: {added} of {voltages.Flags[a].Length - before} good samples");
        }
    }

    [Theory]
    [InlineData(15, Pattern.Samples)]
    [InlineData(15, Pattern.Channels)]
    [InlineData(96, Pattern.Samples)]
    public void Interference_among_flags_is_still_found(int channels, Pattern pattern)
    {
        var voltages = Flagged(pattern, Observation with { Frequencies = [.. Enumerable.Range(0, channels).Select(c => 900e6 + (c * 1e6))], Interference = [new(7, 5, 1)] });
        var (good, found) = (0, 0);
        var before = (bool[])voltages.Flags[2].Clone();
        SumThreshold.Flag(voltages, new(), 2);
        for (var p = 0; p < voltages.Points; p++)
        {
            var at = voltages.Index(p, 7);
            good += before[at] ? 0 : 1;
            found += !before[at] && voltages.Flags[2][at] ? 1 : 0;
        }

        Assert.True(good > 40 && found > 0.95 * good, $"{found} of {good}");
        for (var c = 0; c < channels; c += 5)
        {
            if (c == 7) continue;
            var wrong = Enumerable.Range(0, voltages.Points).Count(p => !before[voltages.Index(p, c)] && voltages.Flags[2][voltages.Index(p, c)]);
            Assert.True(wrong <= 2, $"channel {c}: {wrong}");
        }
    }

    [Fact]
    public void Flags_that_were_set_stay_set()
    {
        var voltages = new BeamVoltages(1, 9, 12);
        SumThreshold.Flag(voltages, new(), 1);
        Assert.All(voltages.Flags[0], Assert.True);
    }

    [Theory]
    [InlineData(96, 0)]
    [InlineData(96, 0.6)]
    [InlineData(15, 0.6)]
    public async Task Aoflagger_finds_no_more_of_the_interference_and_no_fewer_good_samples(int channels, double flagged)
    {
        // One baseline of noise over a smooth passband, 1 integration a point, with interference of known place.
        const int points = 225;
        var random = new SeededGaussian(7);
        var (values, truth, flags) = (new float[points * channels * 8], new bool[points * channels], new bool[points * channels]);
        for (var p = 0; p < points; p++)
        {
            for (var c = 0; c < channels; c++)
            {
                var at = ((p * channels) + c) * 8;
                for (var k = 0; k < 8; k++) values[at + k] = (float)random.Normal(0.1);
                var dirty = c == channels / 5 || (c == channels / 2 && p % 4 == 0) || (p is >= 100 and < 104 && c >= 3 * channels / 4 && c < 13 * channels / 16);
                truth[(p * channels) + c] = dirty;
                flags[(p * channels) + c] = flagged > 0 && random.Uniform() < flagged;
                if (!dirty) continue;
                var phase = 6.28 * random.Uniform();
                for (var k = 0; k < 8; k++) values[at + k] += 3 * (float)(k % 2 == 0 ? Math.Cos(phase) : Math.Sin(phase));
            }
        }

        var voltages = new BeamVoltages(1, points, channels);
        values.CopyTo(voltages.Values[0], 0);
        flags.CopyTo(voltages.Flags[0], 0);
        SumThreshold.Flag(voltages, new(), 2);
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("data"), System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.File("flags"), [.. flags.Select(f => (byte)(f ? 1 : 0))], TestContext.Current.CancellationToken);
        await PythonJudge.Ask(MakeMeasurementSet, new { path = folder.File("judge.ms"), data = folder.File("data"), flags = folder.File("flags"), points, channels }, TestContext.Current.CancellationToken);
        await PythonJudge.Command("aoflagger", ["-v", "-j", "1", folder.File("judge.ms")], TestContext.Current.CancellationToken);
        var judged = await PythonJudge.Ask(
            """
            from casacore.tables import table
            result = table(args['path'], ack=False).getcol('FLAG').any(axis=2).ravel().astype(int)
            """,
            new { path = folder.File("judge.ms") },
            TestContext.Current.CancellationToken);
        bool[] theirs = [.. judged.EnumerateArray().Select(f => f.GetInt32() != 0)];
        var (ourFound, ourFalse) = Score(voltages.Flags[0], truth, flags);
        var (theirFound, theirFalse) = Score(theirs, truth, flags);
        Assert.True(theirFound > 0.5, $"the judge found only {theirFound:P1}");
        Assert.True(ourFound > 0.97 && ourFound >= theirFound - 0.02, $"found {ourFound:P1}, aoflagger {theirFound:P1}");
        Assert.True(ourFalse < 0.02 && ourFalse <= theirFalse + 0.01, $"false {ourFalse:P2}, aoflagger {theirFalse:P2}");
    }

    const string MakeMeasurementSet =
        """
        import numpy as np
        from casacore import tables as t
        n, c = args['points'], args['channels']
        data = np.fromfile(args['data'], dtype='<c8').reshape(n, c, 4)
        desc = t.required_ms_desc('MAIN')
        desc.update(t.maketabdesc(t.makearrcoldesc('DATA', 0j, valuetype='complex', ndim=2, shape=[c, 4])))
        ms = t.default_ms(args['path'], desc)
        ms.addrows(n)
        ms.putcol('DATA', data)
        flags = np.fromfile(args['flags'], dtype=np.uint8).reshape(n, c, 1).astype(bool)
        ms.putcol('FLAG', np.repeat(flags, 4, axis=2))
        ms.putcol('ANTENNA2', np.ones(n, int))
        times = 5e9 + 10.0 * np.arange(n)
        for name in ('TIME', 'TIME_CENTROID'): ms.putcol(name, times)
        for name in ('INTERVAL', 'EXPOSURE'): ms.putcol(name, np.full(n, 10.0))
        ms.putcol('UVW', np.tile([100.0, 50.0, 10.0], (n, 1)))
        ms.putcol('WEIGHT', np.ones((n, 4), np.float32)); ms.putcol('SIGMA', np.ones((n, 4), np.float32))
        ms.putcol('SCAN_NUMBER', np.ones(n, int))
        def sub(name, **columns):
            s = t.table(args['path'] + '/' + name, readonly=False, ack=False)
            s.addrows(len(next(iter(columns.values()))))
            for k, v in columns.items():
                for row, cell in enumerate(v): s.putcell(k, row, cell)
            s.close()
        f = 9e8 + 1e6 * np.arange(c)
        w = np.full(c, 1e6)
        sub('ANTENNA', NAME=['A0', 'A1'], STATION=['S0', 'S1'], MOUNT=['ALT-AZ'] * 2, TYPE=['GROUND-BASED'] * 2, DISH_DIAMETER=[12.0, 12.0],
            POSITION=[np.array([-2556000.0, 5097000.0, -2848000.0]), np.array([-2556100.0, 5097050.0, -2848010.0])], OFFSET=[np.zeros(3)] * 2)
        sub('SPECTRAL_WINDOW', NUM_CHAN=[c], CHAN_FREQ=[f], CHAN_WIDTH=[w], EFFECTIVE_BW=[w], RESOLUTION=[w], REF_FREQUENCY=[f[0]], TOTAL_BANDWIDTH=[w.sum()], NAME=['w'])
        sub('POLARIZATION', NUM_CORR=[4], CORR_TYPE=[np.array([9, 10, 11, 12], np.int32)], CORR_PRODUCT=[np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.int32)])
        sub('DATA_DESCRIPTION', SPECTRAL_WINDOW_ID=[0], POLARIZATION_ID=[0])
        sub('FIELD', NAME=['f'], NUM_POLY=[0], PHASE_DIR=[np.zeros((1, 2))], DELAY_DIR=[np.zeros((1, 2))], REFERENCE_DIR=[np.zeros((1, 2))])
        sub('OBSERVATION', TELESCOPE_NAME=['ASKAP'], OBSERVER=['o'], TIME_RANGE=[np.array([times[0], times[-1]])])
        ms.close()
        """;

    /// <summary>What an earlier flagger took: single samples, whole channels, whole raster points; 60 % in all.</summary>
    public enum Pattern
    {
        Samples,
        Channels,
        Points,
    }

    // Averaged as in the flow, with flags of the MeasurementSet and none of ours.
    static BeamVoltages Flagged(Pattern pattern, SimulationOptions options)
    {
        var simulator = new ObservationSimulator(options);
        var voltages = new BeamExperiment(simulator, 14, 51, 2, flag: false).Voltages;
        var (random, channels) = (new SeededGaussian(11), voltages.Channels);
        var (lostChannels, lostPoints) = (Lost(channels, 7), Lost(voltages.Points, -1));
        for (var p = 0; p < voltages.Points; p++)
        {
            for (var c = 0; c < channels; c++)
            {
                var lost = pattern switch { Pattern.Samples => random.Uniform() < 0.6, Pattern.Channels => lostChannels[c], _ => lostPoints[p] };
                if (!lost) continue;
                foreach (var flags in voltages.Flags) flags[voltages.Index(p, c)] = true;
            }
        }

        return voltages;

        bool[] Lost(int count, int kept)
        {
            var lost = new bool[count];
            foreach (var k in Enumerable.Range(0, count).Where(k => k != kept).OrderBy(_ => random.Uniform()).Take((int)Math.Round(0.6 * count))) lost[k] = true;
            return lost;
        }
    }

    static double FlaggedFraction(BeamVoltages voltages, int antenna, int channel) =>
        Enumerable.Range(0, voltages.Points).Average(p => voltages.Flags[antenna][voltages.Index(p, channel)] ? 1.0 : 0);

    // Of the samples that were good before.
    static (double Found, double False) Score(bool[] flags, bool[] truth, bool[] before)
    {
        var (hit, dirty, wrong, good) = (0, 0, 0, 0);
        for (var k = 0; k < flags.Length; k++)
        {
            if (before[k]) continue;
            good++;
            dirty += truth[k] ? 1 : 0;
            hit += truth[k] && flags[k] ? 1 : 0;
            wrong += !truth[k] && flags[k] ? 1 : 0;
        }

        return ((double)hit / dirty, (double)wrong / (good - dirty));
    }
}
