namespace Holoflow.Holography.Averaging;

/// <summary>
/// Correlation products in the order of linear feeds (CORR_TYPE 9 to 12), which is also the order of a 2 x 2 matrix by rows.
/// </summary>
public static class Product
{
    /// <summary>Number of products.</summary>
    public const int Count = 4;

    /// <summary>Target X with reference X.</summary>
    public const int XX = 0;

    /// <summary>Target X with reference Y.</summary>
    public const int XY = 1;

    /// <summary>Target Y with reference X.</summary>
    public const int YX = 2;

    /// <summary>Target Y with reference Y.</summary>
    public const int YY = 3;
}
