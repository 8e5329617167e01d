using Holoflow.Holography.Accuracy;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Reduction;
using Holoflow.Holography.Simulation;

namespace Holoflow.Holography.Tests.Accuracy;

public sealed class AccuracyGoalTests
{
    [Fact]
    public void Every_goal_is_reached_at_test_scale()
    {
        var report = AccuracyRun.Run(new AccuracyOptions { Channels = 16, FirstFrequency = 1072e6, OutputPixels = 51 });
        Assert.True(report.Reached, report.ToTable());
        Assert.Equal(20, report.Figures.Count);
    }

    [Theory]
    [InlineData(RegridMode.VoltageRbf)]
    [InlineData(RegridMode.VoltageAperture)]
    public void Voltage_modes_are_twice_as_good_as_the_power_spline_at_the_top_of_the_band(RegridMode mode)
    {
        // Interpolation alone: no noise, the outer beam, 1087 MHz at 0.6 deg, as in the specification's table.
        var (experiment, channel) = Experiment(new SimulationOptions { Antennas = 6, Reference = 2, Frequencies = [1086e6, 1087e6], Sefd = 0 }, 0);
        var spline = experiment.CompareMean(experiment.Reduce(Options(RegridMode.PowerSpline)), channel, -Math.PI / 4);
        var voltage = experiment.CompareMean(experiment.Reduce(Options(mode)), channel, -Math.PI / 4);
        Assert.True(voltage.Rms * 2 <= spline.Rms, $"{voltage.Rms} against {spline.Rms}");
        Assert.True(voltage.Rms < 0.002 && voltage.Leakage < 2e-4);
    }

    [Fact]
    public void Measured_meerkat_beams_are_recovered()
    {
        var (experiment, channel) = Experiment(
            new SimulationOptions { Antennas = 9, Reference = 4, Frequencies = [950e6, 951e6], Beams = new MeerKatBeamModel() }, 14);
        var error = experiment.CompareMean(experiment.Reduce(Options(RegridMode.VoltageRbf)), channel, -Math.PI / 4);
        Assert.True(error.Rms < 0.003 && error.Max < 0.01 && error.Fwhm < 0.005 && error.Leakage < 0.002, error.ToString());
    }

    [Fact]
    public void The_aperture_mode_is_the_better_one_for_a_faint_source()
    {
        var (experiment, channel) = Experiment(new SimulationOptions { Antennas = 9, Reference = 4, Frequencies = [1086e6, 1087e6], Flux = 20 }, 0);
        var radial = experiment.CompareMean(experiment.Reduce(Options(RegridMode.VoltageRbf)), channel, -Math.PI / 4);
        var aperture = experiment.CompareMean(experiment.Reduce(Options(RegridMode.VoltageAperture)), channel, -Math.PI / 4);
        Assert.True(aperture.Leakage < radial.Leakage && aperture.Rms < radial.Rms, $"{aperture} against {radial}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public void The_sign_of_V_does_not_depend_on_where_the_reference_stands(int reference)
    {
        var (experiment, channel) = Experiment(new SimulationOptions { Antennas = 7, Reference = reference, Frequencies = [950e6, 951e6] }, 35);
        var error = experiment.CompareMean(experiment.Reduce(Options(RegridMode.VoltageRbf)), channel, -Math.PI / 4);
        Assert.True(error.CircularCorrelation > 0.95, error.ToString());
    }

    [Fact]
    public void Beams_come_out_at_their_own_positions_in_their_own_order()
    {
        Footprint footprint = Footprint.FromOffsets("three", 0.01, 0, [new(0.02, 0), new(-0.01, 0.02), new(0, -0.025)]);
        var options = new SimulationOptions { Antennas = 5, Frequencies = [950e6, 951e6], Footprint = footprint, PointingScatter = 0, Sefd = 0 };
        for (var beam = 0; beam < 3; beam++)
        {
            var (experiment, channel) = Experiment(options, beam);
            var mean = experiment.Reduce(Options(RegridMode.VoltageRbf));
            Assert.Equal(footprint.Offsets[beam], mean.Grid.Centre);
            Assert.Equal(1, mean.Plane(0, channel)[mean.Grid.CentreIndex], 1e-5);
            Assert.All(mean.Quality.Skip(1), q => Assert.True(q[channel].Shift.Radius < 0.002, $"beam {beam} is off by {q[channel].Shift.Radius} rad"));
        }
    }

    [Fact]
    public void Defects_4_and_12_rasters_need_not_be_square_nor_numbers_the_usual_ones()
    {
        var options = new SimulationOptions
        {
            Antennas = 5,
            Reference = 3,
            Raster = new(17, 13, 0.5 * Math.PI / 180),
            Footprint = Footprint.FromOffsets("two", 0.01, 0, [new(0.01, 0), new(-0.01, 0.005)]),
            Frequencies = [.. Enumerable.Range(0, 19).Select(c => 900e6 + (c * 0.5e6))],
            ChannelWidth = 0.5e6,
        };
        foreach (var mode in Enum.GetValues<RegridMode>())
        {
            var (experiment, _) = Experiment(options, 1);
            var mean = experiment.Reduce(Options(mode));
            Assert.All(mean.AntennasUsed, n => Assert.InRange(n, 3, 4));
            Assert.True(experiment.CompareMean(mean, 18, -Math.PI / 4).Rms < 0.004);
        }
    }

    [Fact]
    public void Interference_and_missing_points_are_worked_around()
    {
        var options = new SimulationOptions
        {
            Antennas = 8,
            Reference = 0,
            Frequencies = [.. Enumerable.Range(0, 32).Select(c => 900e6 + (c * 1e6))],
            Interference = [new(9, 60, 1), new(20, 60, 0.1)],
            MissingPoints = [(2, 17), (2, 100), (3, 112)],
            MissingAntennas = [5],
        };
        var (experiment, _) = Experiment(options, 14);
        var mean = experiment.Reduce(Options(RegridMode.VoltageRbf));
        Assert.Equal(0, mean.AntennasUsed[9]);
        Assert.True(mean.AntennasUsed[10] >= 5);
        Assert.All(mean.Quality[5], q => Assert.Equal(Holoflow.Holography.Pointing.QualityFlags.NoData, q.Flags));
        var cleaned = Holoflow.Holography.Spectra.SpectralCleaner.Clean(mean.Mean, mean.Frequencies, mean.FlaggedChannels(), new(), 0.01, 2);
        Assert.True(cleaned.FilledChannels[9]);
        var planes = Enumerable.Range(0, 4).Select(s => cleaned.Cube.AsSpan(((s * 32) + 9) * mean.Grid.Count, mean.Grid.Count).ToArray()).ToArray();
        var truth = new ObservationSimulator(options).Truth(14, mean.Grid, 9, -Math.PI / 4);
        var error = BeamError.Between(planes, truth, mean.Grid);
        Assert.True(error.Rms < 0.003 && error.Leakage < 0.001, error.ToString());
    }

    static ReductionOptions Options(RegridMode mode) => new() { Mode = mode, MinAntennas = 3, Threads = 2 };

    static (BeamExperiment Experiment, int Channel) Experiment(SimulationOptions options, int beam) =>
        (new BeamExperiment(new ObservationSimulator(options), beam, 51, 2), options.Frequencies.Count - 1);
}
