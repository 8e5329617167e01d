using System.Text;
using System.Text.Json;
using Holoflow.Holography.Fits;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Tests.Flows;

/// <summary>Each row of the bad-input table (HOLOGRAPHY section 9.6), from MeasurementSets that are wrong on disk to what the run says and leaves.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task Fewer_MeasurementSets_than_minBeams_are_refused_before_anything_is_allocated()
    {
        using var observation = await SmallObservation.WithFault("missing-beam:1");
        await observation.Refused(null, "2 of 3 beams", "beam 1: its MeasurementSet is missing");
        Assert.False(Directory.Exists(Path.Combine(observation.Root, "intermediate")));
    }

    [Fact]
    public async Task Two_MeasurementSets_of_one_beam_are_refused_and_both_named()
    {
        using var observation = await SmallObservation.WithFault("duplicate-beam:1");
        await observation.Refused(null, "SB42_1.ms", "copy_1.ms");
    }

    [Fact]
    public async Task A_feed_that_disagrees_with_the_name_is_refused()
    {
        using var observation = await SmallObservation.WithFault("feed-mismatch:0");
        await observation.Refused(null, "SB42_0.ms", "beam 0 by its name", "beam 1 by FEED1");
    }

    [Theory]
    [InlineData("truncated-data", "offset")]
    [InlineData("missing-subtable", "ANTENNA")]
    [InlineData("bad-magic", "table.dat")]
    public async Task A_broken_MeasurementSet_fails_its_beam_with_the_file_and_others_go_on(string fault, string word)
    {
        using var observation = await SmallObservation.WithFault($"{fault}:2");
        var run = await observation.Reduced(p => p with { MinBeams = 2 });
        Assert.Equal([2], run.Result.MissingBeams);
        Assert.False(run.Result.IsComplete);
        Assert.Contains(run.Logs, log => log.Message.Contains("SB42_2.ms", StringComparison.Ordinal) && log.Message.Contains(word, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("reference-absent", "AK99 is not in ANTENNA", "AK03 never moved")]
    [InlineData("reference-flagged", "AK03 is flagged", "")]
    [InlineData("reference-moved", "AK01 moved by", "AK03 never moved")]
    public async Task A_reference_that_is_none_is_refused_with_candidates(string fault, string word, string candidate)
    {
        using var observation = await SmallObservation.WithFault(fault);
        await observation.Refused(null, word, candidate);
    }

    [Fact]
    public async Task A_flagged_target_is_dropped_and_listed()
    {
        using var observation = await SmallObservation.WithFault("antenna-flagged");
        var run = await observation.Reduced();
        Assert.Contains("AK05", Quality(run.Result.Files).GetProperty("droppedAntennas")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("minAntennas is 4", (await observation.Reduce(p => p with { MinAntennas = 4 })).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_missing_points_are_interpolated_over()
    {
        using var observation = await SmallObservation.WithFault("few-missing-points");
        var run = await observation.Reduced();
        Assert.True(run.Result.IsComplete);
        Assert.DoesNotContain(Quality(run.Result.Files).GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("AK05", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_antenna_that_misses_many_points_is_dropped_and_listed()
    {
        using var observation = await SmallObservation.WithFault("many-missing-points");
        var run = await observation.Reduced();
        Assert.Equal(3, Quality(run.Result.Files).GetProperty("warnings").EnumerateArray().Count(warning => warning.GetString()!.Contains("AK05 dropped", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Repeated_points_are_averaged()
    {
        using var observation = await SmallObservation.WithFault("repeated-points");
        await observation.Reduced();
        var hits = VoltageFile.Read(Path.Combine(observation.Root, "intermediate", "volt.b00.fits")).Hits[0];
        Assert.All(hits[..7], count => Assert.Equal(2, count));
        Assert.All(hits[7..], count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Scan_numbers_out_of_range_are_an_error()
    {
        using var observation = await SmallObservation.WithFault("scan-out-of-range");
        await observation.Refused(null, "scan numbers 4900", "out of range");
    }

    [Fact]
    public async Task A_sample_off_target_is_dropped()
    {
        using var observation = await SmallObservation.WithFault("off-target");
        await observation.Reduced();
        var hits = VoltageFile.Read(Path.Combine(observation.Root, "intermediate", "volt.b00.fits")).Hits[4];
        Assert.Equal(0, hits[1]);
        Assert.Equal(48, hits.Sum());
    }

    [Fact]
    public async Task Without_pointing_the_nominal_raster_needs_a_word_and_the_header_says_so()
    {
        using var observation = await SmallObservation.WithFault("no-pointing");
        await observation.Refused(null, "POINTING", "nominalWithoutPointing");
        var run = await observation.Reduced(p => p with { NominalWithoutPointing = true });
        using var cube = FitsReader.Open(run.Result.Files[0]);
        Assert.Equal(true, cube.Units[0].Header.Find("NOMINAL"));
    }

    [Fact]
    public async Task Interference_is_flagged_the_fit_fills_and_the_fill_is_recorded()
    {
        using var observation = await SmallObservation.Simulate(p => p with { Channels = 16, Faults = ["interference"] });
        var run = await observation.Reduced();
        using var weights = FitsReader.Open(run.Result.Files[2]);
        var table = weights.Unit("CHANNELS");
        var filled = table.ReadColumn<bool>("FILLED").Zip(table.ReadColumn<int>("CHANNEL")).Where(x => x.First).Select(x => x.Second).Distinct().ToArray();
        Assert.Equal([4, 9], filled);
        Assert.Contains(Quality(run.Result.Files).GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("hold the fit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_beam_with_nearly_everything_flagged_fails_and_others_go_on()
    {
        using var observation = await SmallObservation.WithFault("heavy-flags:0");
        var run = await observation.Reduced(p => p with { MinBeams = 2 });
        Assert.Equal([0], run.Result.MissingBeams);
        Assert.Contains(run.Logs, log => log.Message.Contains("beam 0 is out", StringComparison.Ordinal) && log.Message.Contains("at most 90 %", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_beam_with_more_than_half_flagged_goes_on_with_a_warning()
    {
        using var observation = await SmallObservation.Simulate(p => p with { Channels = 40, Faults = ["many-flags:0"] });
        var run = await observation.Reduced();
        Assert.True(run.Result.IsComplete);
        Assert.Contains(run.Logs, log => log.Message.StartsWith("beam 0: 6", StringComparison.Ordinal) && log.Message.Contains("of its data are flagged", StringComparison.Ordinal));
        Assert.Contains(Quality(run.Result.Files).GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.StartsWith("beam 0: 6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_product_that_linmos_would_misread_fails_the_run_before_it_is_installed()
    {
        using var observation = await SmallObservation.Simulate();
        using var beams = new TemporaryFolder();
        using var flow = observation.Flow(p => p with { BeamPath = beams.Path });
        var cube = Path.Combine(Directory.CreateDirectory(observation.Products).FullName, "akpb.iquv.square-2x2.54.1082MHz.SB42.cube.fits");
        // The first attempt stops after the cube; before the second, a disk or a person changes the cube.
        File.CreateSymbolicLink(cube.Replace("cube", "taylor", StringComparison.Ordinal) + ".partial", "/dev/full");
        Assert.Equal("Failed", (await flow.Run(TestContext.Current.CancellationToken)).State.Name);
        await File.WriteAllTextAsync(cube, (await File.ReadAllTextAsync(cube, Encoding.Latin1, TestContext.Current.CancellationToken)).Replace("'STOKES  '", "'BEAM    '", StringComparison.Ordinal), Encoding.Latin1, TestContext.Current.CancellationToken);
        var run = await flow.Run(TestContext.Current.CancellationToken);
        Assert.Equal("Failed", run.State.Name);
        Assert.Contains("linmos needs STOKES", run.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(beams.Path));
    }

    [Fact]
    public async Task Channels_that_differ_between_beams_are_refused()
    {
        using var observation = await SmallObservation.WithFault("channels-differ:1");
        await observation.Refused(null, "channels differ", "beam 1");
    }

    [Fact]
    public async Task Visibilities_that_are_not_finite_count_as_flagged()
    {
        using var observation = await SmallObservation.WithFault("not-a-number:0");
        var run = await observation.Reduced();
        var figures = Quality(run.Result.Files).GetProperty("beams")[0].GetProperty("figures");
        Assert.True(figures.GetProperty("nonFinite").GetInt64() > 0);
        Assert.True(figures.GetProperty("flaggedBefore").GetDouble() > 0);
        Assert.True(run.Result.IsComplete);
    }

    [Fact]
    public async Task A_resolved_source_without_a_model_is_refused_and_an_unknown_one_warned_of()
    {
        using var resolved = await SmallObservation.WithFault("resolved-source");
        await resolved.Refused(null, "virgo is resolved", "sourceModel");
        using var unknown = await SmallObservation.WithFault("unknown-source");
        Assert.Contains((await unknown.Reduced()).Logs, log => log.Message.Contains("taken for a point", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_that_exists_is_left_where_identical_and_refused_where_it_differs()
    {
        using var observation = await SmallObservation.Simulate();
        using var beams = new TemporaryFolder();
        HolographyParameters Into(HolographyParameters p) => p with { BeamPath = beams.Path };
        Assert.All((await observation.Reduced(Into)).Result.Installed, product => Assert.Equal("installed", product.Action));
        var again = await observation.Reduced(Into);
        Assert.All(again.Result.Installed, product => Assert.Equal("unchanged", product.Action));
        await File.WriteAllTextAsync(again.Result.Installed[0].Path, "older", TestContext.Current.CancellationToken);
        var refused = await observation.Reduce(Into);
        Assert.Contains("is installed already and differs", refused.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_parameters_are_all_named_before_any_work()
    {
        using var observation = await SmallObservation.Simulate();
        await observation.Refused(
            p => p with { BeamPath = "/missing/beams", OutputPixels = 34, PointingToleranceArcmin = 20, Beams = [7] },
            "beamPath must be an existing folder", "outputPixels must be odd", "pointingToleranceArcmin must be below half the raster step", "beams must be from 0 to 2");
        Assert.False(Directory.Exists(Path.Combine(observation.Root, "reports")));
    }

    static JsonElement Quality(string[] files) => JsonDocument.Parse(File.ReadAllBytes(files.Single(file => file.EndsWith("qa.json", StringComparison.Ordinal)))).RootElement;
}
