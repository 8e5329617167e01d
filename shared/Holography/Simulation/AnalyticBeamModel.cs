using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Simulation;

/// <summary>
/// Aperture-integral beams of a dish with a phased-array feed: tapered illumination with central blockage, coma that grows with the beam's offset, ellipticity
/// of each receptor, a cross-polar quadrupole and a gradient that makes circular leakage. HOLOGRAPHY section 10; Baars et al. 2007; Hotan et al. 2021.
/// </summary>
public sealed record AnalyticBeamModel : IBeamModel
{
    /// <inheritdoc/>
    public double Diameter { get; init; } = 12;

    /// <summary>Diameter of the central blockage, m.</summary>
    public double Blockage { get; init; } = 1.4;

    /// <summary>Edge taper of the illumination, dB of power.</summary>
    public double EdgeTaper { get; init; } = 10;

    /// <summary>Phase of coma at the rim for a beam one degree off axis at 1 GHz, rad; grows with offset and frequency.</summary>
    public double Coma { get; init; } = 0.25;

    /// <summary>Relative difference of a receptor's illumination along and across itself.</summary>
    public double Ellipticity { get; init; } = 0.04;

    /// <summary>Cross-polar quadrupole at the rim, fraction of the co-polar field.</summary>
    public double CrossPolar { get; init; } = 0.05;

    /// <summary>Circular leakage gradient at the rim, fraction on axis; grows by as much for each degree of offset.</summary>
    public double CircularGradient { get; init; } = 0.02;

    /// <summary>Scatter of illumination between antennas, relative.</summary>
    public double AntennaScatter { get; init; } = 0.01;

    /// <summary>Constant leakage of each antenna, rms fraction.</summary>
    public double ConstantLeakage { get; init; } = 0.002;

    /// <summary>Cell of the integral, m.</summary>
    public double Cell { get; init; } = 0.6;

    /// <summary>Seed of the scatter between antennas.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public ApertureField Field(int antenna, SkyOffset beam, double frequency)
    {
        var field = new ApertureField((2 * (int)Math.Ceiling(Diameter / 2 / Cell)) + 1, Cell);
        var random = new SeededGaussian(Seed, antenna);
        var (widthX, widthY) = (1 + random.Normal(AntennaScatter), 1 + random.Normal(AntennaScatter));
        var (leakXy, leakYx) = (RandomLeakage(random), RandomLeakage(random));
        var wavelength = SamplingRule.SpeedOfLight / frequency;
        var offset = beam.Radius * 180 / Math.PI;
        var direction = Math.Atan2(beam.M, beam.L);
        var taper = EdgeTaper / 20 * Math.Log(10);
        for (var v = 0; v < field.Side; v++)
        {
            for (var u = 0; u < field.Side; u++)
            {
                var (x, y) = (field.Coordinate(u), field.Coordinate(v));
                var radius = Math.Sqrt((x * x) + (y * y));
                if (radius > Diameter / 2 || radius < Blockage / 2) continue;
                var (rx, ry) = (x / (Diameter / 2), y / (Diameter / 2));
                var rho = radius / (Diameter / 2);
                var angle = Math.Atan2(y, x);
                var coma = Coma * offset * frequency / 1e9 * ((rho * rho * rho) - (2 * rho / 3)) * Math.Cos(angle - direction);
                var steer = Complex.FromPolarCoordinates(1, coma + (2 * Math.PI * ((x * beam.L) + (y * beam.M)) / wavelength));
                var along = 1 + Ellipticity;
                var copolarX = steer * Math.Exp(-taper * widthX * ((rx * rx * along) + (ry * ry / along)));
                var copolarY = steer * Math.Exp(-taper * widthY * ((rx * rx / along) + (ry * ry * along)));
                var quadrupole = CrossPolar * rho * rho * Math.Sin(2 * angle);
                // Real and antisymmetric over the aperture, opposite in the two cross-hands: its far field makes Stokes V and nothing else.
                var circular = CircularGradient * (1 + offset) * rho * Math.Cos(angle - direction - 0.7);
                var at = (v * field.Side) + u;
                field.Cells[Product.XX][at] = copolarX;
                field.Cells[Product.XY][at] = copolarX * (quadrupole + circular + leakXy);
                field.Cells[Product.YX][at] = copolarY * (quadrupole - circular + leakYx);
                field.Cells[Product.YY][at] = copolarY;
            }
        }

        return field;
    }

    Complex RandomLeakage(SeededGaussian random) => new(random.Normal(ConstantLeakage), random.Normal(ConstantLeakage));
}
