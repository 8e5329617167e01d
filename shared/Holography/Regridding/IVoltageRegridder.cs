namespace Holoflow.Holography.Regridding;

/// <summary>
/// Takes an antenna's voltages from the achieved raster to a regular grid (HOLOGRAPHY eq. 6), a block of channels at a time. Implementations hold their
/// weights and are safe to call from several threads for different blocks.
/// </summary>
public interface IVoltageRegridder
{
    /// <summary>Number of target pixels, G.</summary>
    int Pixels { get; }

    /// <summary>Whether an antenna has what regridding needs (enough points, a regular matrix).</summary>
    bool Accepts(int antenna);

    /// <summary>Regrids up to 16 channels of one antenna. Values keep their units (Jy); nothing is normalised.</summary>
    /// <param name="antenna">Antenna number.</param>
    /// <param name="firstChannel">First channel of the block.</param>
    /// <param name="jones">Receives [G][8][16].</param>
    /// <param name="centre">Receives the values at the nominal beam centre, [8][16].</param>
    /// <param name="valid">Receives, by lane, whether the channel has enough unflagged points, [16].</param>
    /// <exception cref="ArgumentException">The antenna is none that <see cref="Accepts"/> accepts.</exception>
    void Regrid(int antenna, int firstChannel, Span<float> jones, Span<float> centre, Span<bool> valid);
}
