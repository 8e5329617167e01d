namespace Holoflow.Holography.Polarization;

/// <summary>Fractional leakage. HOLOGRAPHY eq. 14; Thomson et al. 2023.</summary>
public static class Leakage
{
    /// <summary>
    /// q = Q/I where I is at least <paramref name="floor"/>; 0 and masked below it or where either is not finite (the pipeline that this
    /// replaces divides everywhere, defect 10).
    /// </summary>
    /// <param name="intensity">I, fraction of its peak, any shape.</param>
    /// <param name="stokes">Q, U or V in the units of I; becomes the fraction in place.</param>
    /// <param name="floor">Smallest I that is divided by, a fraction of the beam's centre, 0 to 0.5.</param>
    /// <param name="masked">Receives true where no fraction is given.</param>
    /// <exception cref="ArgumentException">Spans of different length.</exception>
    public static void Divide(ReadOnlySpan<float> intensity, Span<float> stokes, double floor, Span<bool> masked)
    {
        if (intensity.Length != stokes.Length || masked.Length != stokes.Length)
            throw new ArgumentException($"planes differ in length: {intensity.Length}, {stokes.Length}, {masked.Length}", nameof(stokes));
        for (var k = 0; k < stokes.Length; k++)
        {
            masked[k] = !(intensity[k] >= floor && intensity[k] > 0) || !float.IsFinite(stokes[k]);
            stokes[k] = masked[k] ? 0 : stokes[k] / intensity[k];
        }
    }
}
