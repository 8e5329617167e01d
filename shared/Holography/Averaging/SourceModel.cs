using System.Numerics;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Averaging;

/// <summary>One component of a source model.</summary>
/// <param name="Offset">Position from the phase centre, rad.</param>
/// <param name="Flux">Flux density at the reference frequency, Jy.</param>
/// <param name="SpectralIndex">S proportional to frequency to this power.</param>
/// <param name="MajorAxis">Gaussian full width at half maximum, rad; 0 for a point.</param>
/// <param name="MinorAxis">Gaussian full width at half maximum, rad.</param>
/// <param name="PositionAngle">Of the major axis, North through East, rad.</param>
public readonly record struct SourceComponent(
    SkyOffset Offset, double Flux, double SpectralIndex = 0, double MajorAxis = 0, double MinorAxis = 0, double PositionAngle = 0);

/// <summary>
/// A component model of a resolved source, to divide visibilities by (the first step where the source is not a point).
/// HOLOGRAPHY eq. 4: M(u,v,f) = sum S_i exp(-2 pi i (u l_i + v m_i)) times a Gaussian taper per component.
/// </summary>
public sealed class SourceModel
{
    readonly SourceComponent[] _components;
    readonly double _referenceFrequency;

    /// <summary>A model of components whose fluxes hold at <paramref name="referenceFrequency"/> Hz.</summary>
    /// <exception cref="ArgumentException">No component, one that is not finite, or a negative axis.</exception>
    public SourceModel(IEnumerable<SourceComponent> components, double referenceFrequency)
    {
        _components = [.. components];
        _referenceFrequency = referenceFrequency;
        if (_components.Length == 0) throw new ArgumentException("a source model needs at least one component", nameof(components));
        for (var i = 0; i < _components.Length; i++)
        {
            var c = _components[i];
            if (!double.IsFinite(c.Offset.L + c.Offset.M + c.Flux + c.SpectralIndex + c.MajorAxis + c.MinorAxis + c.PositionAngle) || c.MajorAxis < 0 || c.MinorAxis < 0)
                throw new ArgumentException($"component {i} of the source model is not finite or has a negative axis", nameof(components));
        }
    }

    /// <summary>Model visibility, Jy.</summary>
    /// <param name="u">Baseline towards East, m.</param>
    /// <param name="v">Baseline towards North, m.</param>
    /// <param name="frequency">Hz.</param>
    public Complex Visibility(double u, double v, double frequency)
    {
        var (ul, vl) = (u * frequency / SamplingRule.SpeedOfLight, v * frequency / SamplingRule.SpeedOfLight);
        var sum = Complex.Zero;
        foreach (var c in _components)
        {
            var flux = c.Flux * Math.Pow(frequency / _referenceFrequency, c.SpectralIndex);
            if (c.MajorAxis > 0 || c.MinorAxis > 0)
            {
                var (sine, cosine) = Math.SinCos(c.PositionAngle);
                var along = ((ul * sine) + (vl * cosine)) * c.MajorAxis;
                var across = ((ul * cosine) - (vl * sine)) * c.MinorAxis;
                flux *= Math.Exp(-Math.PI * Math.PI / (4 * Math.Log(2)) * ((along * along) + (across * across)));
            }

            sum += Complex.FromPolarCoordinates(flux, -2 * Math.PI * ((ul * c.Offset.L) + (vl * c.Offset.M)));
        }

        return sum;
    }

    /// <summary>
    /// Divides a row by the model in place (V / M), so that the source becomes a 1 Jy point. Channels where the model has no flux to divide by (below
    /// 1e-3 of its total) become NaN, which averaging counts as flagged.
    /// </summary>
    /// <param name="visibilities">[C, 4, (re, im)], Jy.</param>
    /// <param name="u">Of the row, m.</param>
    /// <param name="v">Of the row, m.</param>
    /// <param name="frequencies">[C], Hz.</param>
    /// <exception cref="ArgumentException">Lengths that do not agree.</exception>
    public void Divide(Span<float> visibilities, double u, double v, ReadOnlySpan<double> frequencies)
    {
        if (visibilities.Length != frequencies.Length * 8) throw new ArgumentException("a row needs 8 floats a channel", nameof(visibilities));
        for (var c = 0; c < frequencies.Length; c++)
        {
            var model = Visibility(u, v, frequencies[c]);
            var total = Visibility(0, 0, frequencies[c]).Magnitude;
            var inverse = model.Magnitude > 1e-3 * total ? Complex.One / model : new Complex(double.NaN, double.NaN);
            for (var product = c * 8; product < (c * 8) + 8; product += 2)
            {
                var value = new Complex(visibilities[product], visibilities[product + 1]) * inverse;
                (visibilities[product], visibilities[product + 1]) = ((float)value.Real, (float)value.Imaginary);
            }
        }
    }
}
