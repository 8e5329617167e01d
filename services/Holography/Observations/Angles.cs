namespace Holoflow.HolographyFlow.Observations;

/// <summary>Between the degrees and arcminutes of files and parameters and the radians of the science.</summary>
static class Angles
{
    public static double Radians(double degrees) => degrees * Math.PI / 180;

    public static double Degrees(double radians) => radians * 180 / Math.PI;

    public static double RadiansOfArcmin(double arcmin) => arcmin * Math.PI / (180 * 60);

    public static double Arcmin(double radians) => radians * (180 * 60) / Math.PI;
}
