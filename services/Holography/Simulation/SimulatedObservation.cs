using System.Numerics;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Simulation;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Simulation;

/// <summary>The observation that the parameters ask for: the science's options, the scheduling block, the faults.</summary>
sealed class SimulatedObservation
{
    const string PointSource = "PKS B0407-658", ResolvedSource = "virgo", UnknownSource = "J0000-0000";
    const double RightAscensionDegrees = 62.0849, DeclinationDegrees = -65.7525;
    static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    readonly SimulateParameters _parameters;

    /// <summary>Plans the observation.</summary>
    /// <exception cref="InputException">The parameters do not fit each other; all mistakes at once.</exception>
    public SimulatedObservation(SimulateParameters parameters)
    {
        _parameters = parameters;
        var mistakes = Mistakes(parameters).ToList();
        if (mistakes.Count > 0)
            throw new InputException(mistakes);
        Faults = [.. parameters.Faults.Select(text => PlacedFault.TryRead(text, out var fault) ? fault! : throw new InvalidOperationException(text))];
        Options = MakeOptions();
        Simulator = new ObservationSimulator(Options);
        Block = MakeBlock();
    }

    public IReadOnlyList<PlacedFault> Faults { get; }

    public SimulationOptions Options { get; }

    public ObservationSimulator Simulator { get; }

    public SchedulingBlock Block { get; }

    public SimulateParameters Parameters => _parameters;

    public int Beams => Options.Footprint.Offsets.Length;

    public static string AntennaName(int antenna) => $"AK{antenna + 1:00}";

    /// <summary>Whether a fault is asked for in a beam; a fault without a beam is in the last one.</summary>
    public bool Has(SimulatedFault fault, int beam) => Faults.Any(f => f.Fault == fault && (f.Beam ?? Beams - 1) == beam);

    /// <summary>Whether a fault of the whole observation is asked for.</summary>
    public bool Has(SimulatedFault fault) => Faults.Any(f => f.Fault == fault);

    static IEnumerable<string> Mistakes(SimulateParameters p)
    {
        foreach (var text in p.Faults.Where(text => !PlacedFault.TryRead(text, out _)))
            yield return $"there is no fault '{text}'; there are {PlacedFault.Names}, each with :beam or without";
        if (p.ReferenceAntenna >= p.Antennas)
            yield return $"referenceAntenna must be from 0 to {p.Antennas - 1}, not {p.ReferenceAntenna}";
        if (p.Beams > Named(p).Offsets.Length)
            yield return $"the footprint {p.Footprint} has {Named(p).Offsets.Length} beams, not {p.Beams}";
        if (p.OutputPixels % 2 == 0)
            yield return $"outputPixels must be odd, not {p.OutputPixels}";
        if (!Directory.Exists(p.Workdir))
            yield return $"workdir must be an existing folder: there is no {p.Workdir}";
        if (p.BeamModel == "meerkat" && (p.FirstFrequencyMegahertz < 900 || p.FirstFrequencyMegahertz + (p.Channels * p.ChannelWidthMegahertz) > 1670))
            yield return $"the measured MeerKAT beams cover the L band (900 to 1670 MHz), not {p.FirstFrequencyMegahertz} to {p.FirstFrequencyMegahertz + (p.Channels * p.ChannelWidthMegahertz)} MHz";
    }

    static Footprint Named(SimulateParameters p)
    {
        var pitch = Angles.Radians(p.PitchDegrees);
        if (p.Footprint != "square-2x2")
            return Footprint.Named(p.Footprint, pitch, 0);
        var half = Math.Sin(pitch) / 2;
        return Footprint.FromOffsets(p.Footprint, pitch, 0, [new(half, half), new(-half, half), new(half, -half), new(-half, -half)]);
    }

    SimulationOptions MakeOptions()
    {
        var p = _parameters;
        var all = Named(p);
        var target = Enumerable.Range(0, p.Antennas).Last(a => a != p.ReferenceAntenna);
        var raster = new RasterGrid(p.RasterColumns, p.RasterRows, Angles.Radians(p.RasterStepDegrees));
        var missing = Has(SimulatedFault.ManyMissingPoints) ? raster.Count / 4 : Has(SimulatedFault.FewMissingPoints) ? 1 : 0;
        return new SimulationOptions
        {
            Antennas = p.Antennas,
            Reference = p.ReferenceAntenna,
            Raster = raster,
            Footprint = p.Beams is { } beams ? Footprint.FromOffsets(all.Name, all.PitchRadians, all.RotationRadians, all.Offsets.Take(beams)) : all,
            Frequencies = [.. Enumerable.Range(0, p.Channels).Select(c => (p.FirstFrequencyMegahertz + (c * p.ChannelWidthMegahertz)) * 1e6)],
            ChannelWidth = p.ChannelWidthMegahertz * 1e6,
            Source = (Angles.Radians(RightAscensionDegrees), Angles.Radians(DeclinationDegrees)),
            Flux = p.FluxJansky,
            SourceModel = p.SourceModel is { } path ? SourceModelFile.Read(path) : null,
            ReferenceXyRatio = Complex.FromPolarCoordinates(1, Angles.Radians(p.ReferenceXyPhaseDegrees)),
            Sefd = p.SefdJansky,
            IntegrationSeconds = p.IntegrationSeconds,
            IntegrationsPerPoint = p.IntegrationsPerPoint,
            StartTime = ModifiedJulianSeconds(Start),
            PointingScatter = Angles.RadiansOfArcmin(p.PointingScatterArcmin),
            Interference = Has(SimulatedFault.Interference) ? [new(p.Channels / 4, 2000, 0.9), new((p.Channels / 2) + 1, 5000, 0.7)] : [],
            MissingPoints = [.. Enumerable.Range(0, missing).Select(k => (target, k == 0 && missing == 1 ? raster.Count / 3 : k))],
            MissingAntennas = Has(SimulatedFault.AntennaFlagged) ? [target] : [],
            ReferenceRowsOnly = !p.AllBaselines,
            Beams = p.BeamModel == "meerkat" ? new MeerKatBeamModel() : new AnalyticBeamModel(),
            Seed = p.Seed,
        };
    }

    SchedulingBlock MakeBlock()
    {
        var p = _parameters;
        var moving = Enumerable.Range(0, p.Antennas).First(a => a != p.ReferenceAntenna);
        return new SchedulingBlock
        {
            SchedulingBlockId = p.Sbid,
            ReferenceAntenna = Has(SimulatedFault.ReferenceAbsent) ? "AK99" : AntennaName(Has(SimulatedFault.ReferenceMoved) ? moving : p.ReferenceAntenna),
            RasterColumns = p.RasterColumns,
            RasterRows = p.RasterRows,
            RasterStepDegrees = p.RasterStepDegrees,
            Footprint = new FootprintEntry(
                p.Footprint, p.PitchDegrees, 0, [.. Options.Footprint.Offsets.Select(o => new[] { Angles.Degrees(o.L), Angles.Degrees(o.M) })]),
            PolarizationAxisDegrees = p.PolAxisDegrees,
            BeamWeightsId = p.Sbid - 1,
            Source = new SourceEntry(
                Has(SimulatedFault.ResolvedSource) ? ResolvedSource : Has(SimulatedFault.UnknownSource) ? UnknownSource : PointSource, RightAscensionDegrees, DeclinationDegrees),
            ExpectedBeams = Beams,
            StartTime = Start,
            DishDiameterMetres = Options.Beams.Diameter,
        };
    }

    static double ModifiedJulianSeconds(DateTimeOffset time) => (time - new DateTimeOffset(1858, 11, 17, 0, 0, 0, TimeSpan.Zero)).TotalSeconds;
}
