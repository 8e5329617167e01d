using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Simulation;

/// <summary>A known truth: the aperture field of every antenna, beam and frequency. HOLOGRAPHY section 10.</summary>
public interface IBeamModel
{
    /// <summary>Dish diameter, m.</summary>
    double Diameter { get; }

    /// <summary>The field whose far field is the antenna's Jones pattern for the beam at <paramref name="beam"/>.</summary>
    /// <param name="antenna">Antenna number.</param>
    /// <param name="beam">Nominal beam offset, rad; the pattern peaks near it.</param>
    /// <param name="frequency">Hz.</param>
    /// <exception cref="ArgumentOutOfRangeException">A frequency that the model does not cover.</exception>
    ApertureField Field(int antenna, SkyOffset beam, double frequency);
}
