using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Validation;
using Rules = Holoflow.HolographyFlow.Admission.Admission;

namespace Holoflow.HolographyFlow.Tests.Admission;

/// <summary>Each row of the bad-input table that admission decides, one change of a valid observation each.</summary>
public sealed class AdmissionTests
{
    static readonly Manifest Manifest = new()
    {
        SchedulingBlockId = 1,
        ReferenceAntenna = "AK02",
        RasterColumns = 9,
        RasterRows = 9,
        RasterStepDegrees = 0.6,
        RasterRotationDegrees = 0,
        FirstScan = 0,
        Footprint = new FootprintEntry("square", 0.9, 0, [[0.4, 0.4], [-0.4, 0.4], [0.4, -0.4]]),
        PolarizationAxisDegrees = -45,
        BeamWeightsId = null,
        Source = new SourceEntry("PKS B0407-658", 62, -65),
        ExpectedBeams = 3,
        MinBeams = 3,
        StartTime = null,
        DishDiameterMetres = 12,
    };

    static readonly HolographyParameters Parameters = new() { Sbid = 1, Workdir = "/work", MinAntennas = 3, ReferenceXyPhase = "/xy.json" };

    [Fact]
    public void A_whole_observation_goes_on_without_a_warning()
    {
        var plan = Rules.Decide(Input());
        Assert.Equal([0, 1, 2], plan.Beams.Select(beam => beam.Beam));
        Assert.Equal(1, plan.Reference);
        Assert.Empty(plan.Missing);
        Assert.Empty(plan.Warnings);
        Assert.Empty(plan.DroppedTargets);
        Assert.Equal(0, plan.PointingBeam);
    }

    [Fact]
    public void Fewer_beams_than_minBeams_are_refused_with_the_missing_ones() =>
        Refused(Input() with { Reports = [Report(0), Report(2)] }, "2 of 3 beams", "minBeams is 3", "beam 1: its MeasurementSet is missing");

    [Fact]
    public void Fewer_beams_go_on_where_minBeams_allows_and_the_missing_are_listed_by_number()
    {
        var plan = Rules.Decide(Input() with { Manifest = Manifest with { MinBeams = 2 }, Reports = [Report(0), Report(2)] });
        Assert.Equal([0, 2], plan.Beams.Select(beam => beam.Beam));
        Assert.Equal(1, Assert.Single(plan.Missing).Beam);
    }

    [Fact]
    public void Two_MeasurementSets_of_one_beam_are_refused_and_both_named() =>
        Refused(Input() with { Reports = [Report(0), Report(1), Report(1) with { Path = "/work/1/copy_1.ms" }, Report(2)] }, "/work/1/a_1.ms", "/work/1/copy_1.ms");

    [Fact]
    public void A_feed_that_disagrees_with_the_name_is_refused_and_both_named() =>
        Refused(With(2, report => report with { FeedIds = [0] }), "a_2.ms", "beam 2 by its name", "beam 0 by FEED1");

    [Fact]
    public void A_beam_beyond_the_expected_is_refused() => Refused(Input() with { Reports = [.. Input().Reports, Report(3)] }, "beam 3", "0 to 2 are expected");

    [Fact]
    public void A_broken_MeasurementSet_fails_its_beam_with_its_problem_and_others_go_on()
    {
        var input = With(1, report => report with { Problems = ["/work/1/a_1.ms/table.f3: truncated (at offset 4096)"] });
        Assert.Contains("offset 4096", Rules.Decide(input with { Manifest = Manifest with { MinBeams = 2 } }).Missing.Single().Reason, StringComparison.Ordinal);
        Refused(input, "offset 4096");
    }

    [Fact]
    public void No_MeasurementSets_at_all_are_refused_with_the_names_that_would_be_right() =>
        Refused(Input() with { Reports = [], Ignored = ["/work/1/x.ms"] }, "holds no MeasurementSets", "*_<beam>.ms", "/work/1/x.ms");

    [Fact]
    public void An_absent_reference_is_refused_with_candidates() =>
        Refused(Input() with { Manifest = Manifest with { ReferenceAntenna = "AK99" } }, "AK99 is not in ANTENNA", "AK02 never moved");

    [Fact]
    public void A_mistake_is_told_once_and_not_what_follows_from_it() =>
        Assert.Single(Assert.Throws<InputException>(() => Rules.Decide(Input() with { Manifest = Manifest with { ReferenceAntenna = "AK99" } })).Mistakes);

    [Fact]
    public void A_flagged_reference_is_refused() => Refused(Every(report => WithAntenna(report, 1, antenna => antenna with { FlaggedFraction = 1 })), "AK02 is flagged");

    [Fact]
    public void A_reference_that_moved_is_refused_with_candidates() => Refused(Input() with { Manifest = Manifest with { ReferenceAntenna = "AK03" } }, "AK03 moved by 4.8 degrees", "AK02 never moved");

    [Fact]
    public void A_flagged_target_is_dropped_counted_and_listed()
    {
        var dropped = Assert.Single(Rules.Decide(With(1, report => WithAntenna(report, 4, antenna => antenna with { FlaggedFraction = 1 }))).DroppedTargets);
        Assert.Equal(("AK05", "all its data are flagged"), (dropped.Name, dropped.Reason));
        Assert.Equal([1], dropped.Beams);
    }

    [Fact]
    public void A_beam_with_too_few_targets_is_left_out() =>
        Refused(With(1, report => WithAntenna(WithAntenna(report, 4, Flag), 3, Flag)), "beam 1: 2 target antennas have data, and minAntennas is 3");

    [Fact]
    public void More_antennas_than_there_are_cannot_be_asked_for() => Refused(Input() with { Parameters = Parameters with { MinAntennas = 5 } }, "minAntennas must be from 2 to 4");

    [Fact]
    public void Channels_that_differ_between_beams_are_refused_with_both() =>
        Refused(With(2, report => report with { FrequenciesHz = [.. report.FrequenciesHz.Select(f => f + 5e5)] }), "channels differ", "beam 0", "beam 2");

    [Fact]
    public void Scan_numbers_out_of_range_are_refused() => Refused(With(2, report => report with { LastScan = 400 }), "a_2.ms", "scan numbers 0 to 400", "0 to 323");

    [Fact]
    public void Without_pointing_the_nominal_raster_needs_a_word()
    {
        var input = Every(report => report with { PointingRows = 0 });
        Refused(input, "POINTING", "nominalWithoutPointing");
        var plan = Rules.Decide(input with { Parameters = Parameters with { NominalWithoutPointing = true } });
        Assert.Null(plan.PointingBeam);
        Assert.Contains(plan.Warnings, warning => warning.Contains("nominal", StringComparison.Ordinal));
    }

    [Fact]
    public void Pointing_is_taken_from_the_first_beam_that_has_it() => Assert.Equal(1, Rules.Decide(With(0, report => report with { PointingRows = 0 })).PointingBeam);

    [Theory]
    [InlineData("virgo")]
    [InlineData("M 87")]
    [InlineData("Fornax A")]
    public void A_resolved_source_without_a_model_is_refused(string name)
    {
        var input = Input() with { Manifest = Manifest with { Source = Manifest.Source with { Name = name } } };
        Refused(input, name, "resolved", "sourceModel");
        Assert.Empty(Rules.Decide(input with { Parameters = Parameters with { SourceModel = "/model.json" } }).Warnings);
    }

    [Fact]
    public void An_unknown_source_is_warned_of_and_taken_for_a_point() =>
        Assert.Contains("taken for a point", Assert.Single(Rules.Decide(Input() with { Manifest = Manifest with { Source = Manifest.Source with { Name = "J1" } } }).Warnings), StringComparison.Ordinal);

    [Fact]
    public void A_full_disk_is_refused_before_any_work() => Refused(Input() with { FreeBytes = 1000 }, "GB free", "needs");

    [Fact]
    public void More_Taylor_terms_than_channels_are_refused() =>
        Refused(Every(report => report with { FrequenciesHz = report.FrequenciesHz[..3] }), "taylorTerms must be below the number of channels (3), not 3");

    [Fact]
    public void A_raster_that_does_not_reach_beyond_the_beams_is_refused() => Refused(Input() with { Manifest = Manifest with { RasterStepDegrees = 0.1 } }, "nothing is left for the output grid");

    [Fact]
    public void A_raster_too_coarse_for_the_beam_is_warned_of() =>
        Assert.Contains(Rules.Decide(Every(report => report with { FrequenciesHz = [.. report.FrequenciesHz.Select(f => 3 * f)] })).Warnings, warning => warning.Contains("does not sample", StringComparison.Ordinal));

    [Fact]
    public void Offsets_come_from_the_scheduling_block_then_FEED_then_the_built_in_table()
    {
        Assert.Equal("scheduling block", Rules.Decide(Input()).OffsetsFrom);
        var unnamed = Manifest with { Footprint = new FootprintEntry("square", 0.9) };
        var fed = Every(report => report with { FeedOffsetDegrees = [report.Beam * 0.1, 0] }) with { Manifest = unnamed };
        Assert.Equal(("FEED", 0.2), (Rules.Decide(fed).OffsetsFrom, Rules.Decide(fed).BeamOffsetsDegrees[2][0]));
        Refused(Input() with { Manifest = unnamed }, "no built-in footprint 'square'");
        Refused(Input() with { Manifest = Manifest with { Footprint = new FootprintEntry("closepack36", 0.9) } }, "has 36 beams and 3 are expected");
    }

    [Fact]
    public void All_reasons_are_told_at_once() =>
        Refused(With(2, report => report with { LastScan = 400, FeedIds = [0] }) with { FreeBytes = 0 }, "FEED1", "scan numbers", "GB free");

    [Fact]
    public void Only_the_beams_asked_for_go_on()
    {
        var plan = Rules.Decide(Input() with { Manifest = Manifest with { MinBeams = 1 }, Parameters = Parameters with { Beams = [1] } });
        Assert.Equal([1], plan.Beams.Select(beam => beam.Beam));
        Assert.All(plan.Missing, missing => Assert.Equal("not asked for", missing.Reason));
    }

    static AntennaFacts Flag(AntennaFacts antenna) => antenna with { FlaggedFraction = 1 };

    static AdmissionInput Input() => new(Manifest, Parameters, new Workspace("/work/1"), [Report(0), Report(1), Report(2)], [], long.MaxValue);

    static AdmissionInput With(int beam, Func<BeamReport, BeamReport> change) =>
        Input() with { Reports = [.. Input().Reports.Select(report => report.Beam == beam ? change(report) : report)] };

    static AdmissionInput Every(Func<BeamReport, BeamReport> change) => Input() with { Reports = [.. Input().Reports.Select(change)] };

    static BeamReport WithAntenna(BeamReport report, int antenna, Func<AntennaFacts, AntennaFacts> change) =>
        report with { Antennas = [.. report.Antennas.Select((facts, a) => a == antenna ? change(facts) : facts)] };

    static BeamReport Report(int beam) => new()
    {
        Beam = beam,
        Path = $"/work/1/a_{beam}.ms",
        Fingerprint = $"{beam}",
        Antennas = [.. Enumerable.Range(1, 5).Select(a => new AntennaFacts($"AK{a:00}", true, 0.1, a == 2 ? 0 : 4.8))],
        FrequenciesHz = [.. Enumerable.Range(0, 8).Select(c => 9e8 + (c * 1e6))],
        ChannelWidthHz = 1e6,
        FeedIds = [beam],
        FeedOffsetDegrees = [0, 0],
        FieldName = "PKS B0407-658",
        Rows = 1000,
        ReferenceRows = 400,
        Integrations = 100,
        FirstScan = 0,
        LastScan = 80,
        Scans = 81,
        PointingRows = 500,
        FlaggedFraction = 0.1,
    };

    static void Refused(AdmissionInput input, params string[] words)
    {
        var refusal = Assert.Throws<InputException>(() => Rules.Decide(input));
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }
}
