using System.Numerics;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Simulation;

/// <summary>
/// A holography observation of known truth: pointing rows, and visibilities of any beam an integration at a time, by the measurement equation
/// V_rt = G_r J_r B J_t^H G_t^H (HOLOGRAPHY eq. 1; Hamaker, Bregman and Sault 1996; Smirnov 2011). Everything follows from the seed; a beam's noise
/// does not depend on which other beams are made.
/// </summary>
public sealed class ObservationSimulator
{
    readonly SimulationOptions _options;
    readonly SkyOffset[] _pointingErrors;
    readonly SkyOffset[][] _achieved;
    readonly Complex[][] _gains;
    readonly (double East, double North)[] _positions;

    /// <summary>Draws the observation's errors from the seed.</summary>
    /// <exception cref="ArgumentException">Options that do not fit each other.</exception>
    public ObservationSimulator(SimulationOptions options)
    {
        if (options.Antennas < 2 || options.Reference < 0 || options.Reference >= options.Antennas)
            throw new ArgumentException($"reference {options.Reference} is not one of {options.Antennas} antennas", nameof(options));
        if (options.Frequencies.Count == 0 || options.IntegrationsPerPoint < 1 || options.SettlingIntegrations < 0)
            throw new ArgumentException("an observation needs channels and integrations", nameof(options));
        _options = options;
        var (errors, jitter) = (new SeededGaussian(options.Seed, 1), new SeededGaussian(options.Seed, 2));
        _pointingErrors = new SkyOffset[options.Antennas];
        _achieved = new SkyOffset[options.Antennas][];
        _gains = new Complex[options.Antennas][];
        _positions = new (double, double)[options.Antennas];
        for (var a = 0; a < options.Antennas; a++)
        {
            _pointingErrors[a] = new(errors.Normal(options.PointingScatter), errors.Normal(options.PointingScatter));
            _positions[a] = (errors.Normal(1500), errors.Normal(1500));
            _achieved[a] = new SkyOffset[options.Raster.Count];
            for (var p = 0; p < _achieved[a].Length; p++)
            {
                var offset = new SkyOffset(jitter.Normal(options.Jitter), jitter.Normal(options.Jitter));
                _achieved[a][p] = a == options.Reference ? default : options.Raster[p] + offset;
            }

            _gains[a] = MakeGains(a);
        }

        _pointingErrors[options.Reference] = default;
    }

    /// <summary>The options.</summary>
    public SimulationOptions Options => _options;

    /// <summary>True pointing errors by antenna, [A], rad; the reference has none.</summary>
    public IReadOnlyList<SkyOffset> PointingErrors => _pointingErrors;

    /// <summary>Antenna positions towards East and North of the array's middle, [A], m.</summary>
    public IReadOnlyList<(double East, double North)> Positions => _positions;

    /// <summary>All integrations, [integration], in order of time (s): settling ones, then settled ones, point by point.</summary>
    public IReadOnlyList<Integration> Integrations()
    {
        var per = _options.SettlingIntegrations + _options.IntegrationsPerPoint;
        return [.. Enumerable.Range(0, per * _options.Raster.Count).Select(i => new Integration(i / per, TimeOf(i), _options.IntegrationSeconds))];
    }

    /// <summary>POINTING rows: one per antenna and integration, at its centre.</summary>
    public IEnumerable<PointingSample> PointingRows()
    {
        var per = _options.SettlingIntegrations + _options.IntegrationsPerPoint;
        for (var i = 0; i < per * _options.Raster.Count; i++)
        {
            for (var a = 0; a < _options.Antennas; a++)
            {
                var (ra, dec) = a == _options.Reference ? _options.Source : Orthographic.BoresightFor(OffsetAt(a, i), _options.Source.RightAscension, _options.Source.Declination);
                yield return new(a, TimeOf(i), ra, dec);
            }
        }
    }

    /// <summary>The pointing rows as tracks by antenna, [A].</summary>
    public IReadOnlyList<PointingTrack> Tracks()
    {
        var rows = PointingRows().GroupBy(r => r.Antenna).OrderBy(g => g.Key);
        return [.. rows.Select(g => new PointingTrack([.. g.Select(r => r.Time)], [.. g.Select(r => r.RightAscension)], [.. g.Select(r => r.Declination)]))];
    }

    /// <summary>The visibilities of one beam, an integration at a time; the same block is refilled, so copy what is to be kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such beam.</exception>
    public IEnumerable<VisibilityBlock> Visibilities(int beam)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beam);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beam, _options.Footprint.Offsets.Length);
        return Generate(beam);
    }

    /// <summary>
    /// The truth: Stokes of the average over target antennas of each one's own beam, pointing error included, normalised at the nominal centre
    /// (eqs. 7 to 9) for one channel; [4][K, K], units of the beam centre.
    /// </summary>
    /// <param name="beam">Beam number.</param>
    /// <param name="grid">Output grid of the beam.</param>
    /// <param name="channel">Channel number.</param>
    /// <param name="receptorAngle">rad.</param>
    public float[][] Truth(int beam, OutputGrid grid, int channel, double receptorAngle)
    {
        var wavelength = SamplingRule.SpeedOfLight / _options.Frequencies[channel];
        var sum = new double[4][];
        for (var s = 0; s < 4; s++) sum[s] = new double[grid.Count];
        int[] targets = [.. Enumerable.Range(0, _options.Antennas).Where(a => a != _options.Reference && !_options.MissingAntennas.Contains(a))];
        Parallel.ForEach(targets, a =>
        {
            var stokes = AntennaTruth(a, beam, grid, wavelength, receptorAngle, _options.Frequencies[channel]);
            lock (sum)
            {
                for (var s = 0; s < 4; s++)
                {
                    for (var k = 0; k < grid.Count; k++) sum[s][k] += stokes[s][k] / targets.Length;
                }
            }
        });
        return [.. sum.Select(plane => plane.Select(v => (float)v).ToArray())];
    }

    double[][] AntennaTruth(int antenna, int beam, OutputGrid grid, double wavelength, double receptorAngle, double frequency)
    {
        var field = _options.Beams.Field(antenna, _options.Footprint.Offsets[beam], frequency);
        var j = field.On(grid, _pointingErrors[antenna], wavelength);
        var middle = grid.CentreIndex;
        var scales = JonesAlgebra.RowScales(new(j[0][middle], j[1][middle], j[2][middle], j[3][middle]))
            ?? throw new InvalidOperationException($"the true beam of antenna {antenna} vanishes at its centre");
        var stokes = new double[4][];
        for (var s = 0; s < 4; s++) stokes[s] = new double[grid.Count];
        for (var k = 0; k < grid.Count; k++)
        {
            var matrix = JonesAlgebra.ScaleRows(new(j[0][k], j[1][k], j[2][k], j[3][k]), scales);
            var v = JonesAlgebra.Stokes(JonesAlgebra.Brightness(matrix), receptorAngle);
            (stokes[0][k], stokes[1][k], stokes[2][k], stokes[3][k]) = (v.I, v.Q, v.U, v.V);
        }

        return stokes;
    }

    double TimeOf(int integration) => _options.StartTime + ((integration + 0.5) * _options.IntegrationSeconds);

    SkyOffset OffsetAt(int antenna, int integration)
    {
        if (antenna == _options.Reference) return default;
        var per = _options.SettlingIntegrations + _options.IntegrationsPerPoint;
        var (point, step) = (integration / per, integration % per);
        var here = _achieved[antenna][point];
        if (step >= _options.SettlingIntegrations) return here;
        var from = point == 0 ? default : _achieved[antenna][point - 1];
        return from + (((step + 0.5) / _options.SettlingIntegrations) * (here - from));
    }

    Complex[] MakeGains(int antenna)
    {
        var random = new SeededGaussian(_options.Seed, 3, antenna);
        var channels = _options.Frequencies.Count;
        var gains = new Complex[2 * channels];
        var reference = antenna == _options.Reference;
        var x = Complex.FromPolarCoordinates(1 + random.Normal(_options.GainScatter), reference ? 0 : 2 * Math.PI * random.Uniform());
        var y = Complex.FromPolarCoordinates(1 + random.Normal(_options.GainScatter), reference ? 0 : 2 * Math.PI * random.Uniform());
        var (cycles, phase, slope) = (1 + (2 * random.Uniform()), 2 * Math.PI * random.Uniform(), random.Normal(0.5));
        for (var c = 0; c < channels; c++)
        {
            var at = channels > 1 ? (double)c / (channels - 1) : 0;
            var bandpass = Complex.FromPolarCoordinates(1 + (_options.BandpassRipple * Math.Sin((2 * Math.PI * cycles * at) + phase)), reference ? 0 : slope * at);
            gains[2 * c] = x * bandpass;
            gains[(2 * c) + 1] = reference ? x * bandpass * Complex.Conjugate(_options.ReferenceXyRatio) : y * bandpass;
        }

        return gains;
    }

    IEnumerable<VisibilityBlock> Generate(int beam)
    {
        var pairs = (from a in Enumerable.Range(0, _options.Antennas)
                     from b in Enumerable.Range(a + 1, _options.Antennas - a - 1)
                     where !_options.ReferenceRowsOnly || a == _options.Reference || b == _options.Reference
                     select (a, b)).ToArray();
        var block = new VisibilityBlock(pairs.Length, _options.Frequencies.Count);
        for (var row = 0; row < pairs.Length; row++)
        {
            (block.Antenna1[row], block.Antenna2[row]) = pairs[row];
            block.Uvw[3 * row] = _positions[pairs[row].b].East - _positions[pairs[row].a].East;
            block.Uvw[(3 * row) + 1] = (_positions[pairs[row].b].North - _positions[pairs[row].a].North) * Math.Cos(_options.Source.Declination);
            block.Uvw[(3 * row) + 2] = (_positions[pairs[row].b].North - _positions[pairs[row].a].North) * Math.Sin(_options.Source.Declination);
        }

        var filler = new VisibilityFiller(_options, _gains, block);
        var per = _options.SettlingIntegrations + _options.IntegrationsPerPoint;
        var patterns = new BeamPatterns(_options, beam, _pointingErrors, _achieved);
        for (var i = 0; i < per * _options.Raster.Count; i++)
        {
            var (point, step) = (i / per, i % per);
            (block.Scan, block.Integration, block.Time, block.Exposure) = (point, i, TimeOf(i), _options.IntegrationSeconds);
            filler.Fill(patterns, point, step < _options.SettlingIntegrations, beam, i);
            yield return block;
        }
    }
}
