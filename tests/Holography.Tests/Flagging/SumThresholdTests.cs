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

    [Fact]
    public void Flags_that_were_set_stay_set()
    {
        var voltages = new BeamVoltages(1, 9, 12);
        SumThreshold.Flag(voltages, new(), 1);
        Assert.All(voltages.Flags[0], Assert.True);
    }

    [Fact]
    public async Task Aoflagger_finds_no_more_of_the_interference_and_no_fewer_good_samples()
    {
        // One baseline of noise over a smooth passband, 1 integration a point, with interference of known place.
        const int points = 225, channels = 96;
        var random = new SeededGaussian(7);
        var (values, truth) = (new float[points * channels * 8], new bool[points * channels]);
        for (var p = 0; p < points; p++)
        {
            for (var c = 0; c < channels; c++)
            {
                var at = ((p * channels) + c) * 8;
                for (var k = 0; k < 8; k++) values[at + k] = (float)random.Normal(0.1);
                var dirty = c == 20 || (c == 50 && p % 4 == 0) || (p is >= 100 and < 104 && c is >= 70 and < 76);
                truth[(p * channels) + c] = dirty;
                if (!dirty) continue;
                var phase = 6.28 * random.Uniform();
                for (var k = 0; k < 8; k++) values[at + k] += 3 * (float)(k % 2 == 0 ? Math.Cos(phase) : Math.Sin(phase));
            }
        }

        var voltages = new BeamVoltages(1, points, channels);
        values.CopyTo(voltages.Values[0], 0);
        Array.Fill(voltages.Flags[0], false);
        SumThreshold.Flag(voltages, new(), 2);
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("data"), System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray(), TestContext.Current.CancellationToken);
        await PythonJudge.Ask(MakeMeasurementSet, new { path = folder.File("judge.ms"), data = folder.File("data"), points, channels }, TestContext.Current.CancellationToken);
        await PythonJudge.Command("aoflagger", ["-v", "-j", "1", folder.File("judge.ms")], TestContext.Current.CancellationToken);
        var judged = await PythonJudge.Ask(
            """
            from casacore.tables import table
            result = table(args['path'], ack=False).getcol('FLAG').any(axis=2).ravel().astype(int)
            """,
            new { path = folder.File("judge.ms") },
            TestContext.Current.CancellationToken);
        bool[] theirs = [.. judged.EnumerateArray().Select(f => f.GetInt32() != 0)];
        var (ourFound, ourFalse) = Score(voltages.Flags[0], truth);
        var (theirFound, theirFalse) = Score(theirs, truth);
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
        ms.putcol('FLAG', np.zeros((n, c, 4), bool))
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

    static double FlaggedFraction(BeamVoltages voltages, int antenna, int channel) =>
        Enumerable.Range(0, voltages.Points).Average(p => voltages.Flags[antenna][voltages.Index(p, channel)] ? 1.0 : 0);

    static (double Found, double False) Score(bool[] flags, bool[] truth)
    {
        var (hit, dirty, wrong) = (0, 0, 0);
        for (var k = 0; k < flags.Length; k++)
        {
            dirty += truth[k] ? 1 : 0;
            hit += truth[k] && flags[k] ? 1 : 0;
            wrong += !truth[k] && flags[k] ? 1 : 0;
        }

        return ((double)hit / dirty, (double)wrong / (flags.Length - dirty));
    }
}
