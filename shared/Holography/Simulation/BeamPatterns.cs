using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Simulation;

/// <summary>Every antenna's true Jones matrix at its achieved raster points: [A][C, P, 4], worked out once a beam, in the unit of the beam's own peak.</summary>
sealed class BeamPatterns
{
    readonly Complex[][] _values;
    readonly int _points;
    readonly int _reference;

    public BeamPatterns(SimulationOptions options, int beam, SkyOffset[] pointingErrors, SkyOffset[][] achieved)
    {
        _points = options.Raster.Count;
        _reference = options.Reference;
        _values = new Complex[options.Antennas][];
        var centre = options.Footprint.Offsets[beam];
        Parallel.For(0, options.Antennas, a =>
        {
            _values[a] = [];
            if (a == options.Reference) return;
            SkyOffset[] seen = [.. achieved[a].Select(o => o - pointingErrors[a]), centre];
            var values = new Complex[options.Frequencies.Count * _points * Product.Count];
            var all = new Complex[seen.Length * Product.Count];
            for (var c = 0; c < options.Frequencies.Count; c++)
            {
                var field = options.Beams.Field(a, centre, options.Frequencies[c]);
                field.At(seen, SamplingRule.SpeedOfLight / options.Frequencies[c], all);
                var scale = 1 / all[_points * Product.Count].Magnitude;
                for (var k = 0; k < _points * Product.Count; k++) values[(c * _points * Product.Count) + k] = scale * all[k];
            }

            _values[a] = values;
        });
    }

    /// <summary>J of an antenna at a point; the reference sits at boresight, leakage-calibrated.</summary>
    public Jones At(int antenna, int point, int channel)
    {
        if (antenna == _reference) return Jones.Identity;
        var k = ((channel * _points) + point) * Product.Count;
        var v = _values[antenna];
        return new(v[k], v[k + 1], v[k + 2], v[k + 3]);
    }
}
